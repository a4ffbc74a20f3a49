// Search: which way an index is searched, and what the ways share.

#include "search.h"

#include <algorithm>
#include <cmath>

#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/DistanceComputer.h>

#include "faiss_index.h"

namespace cbir::faiss_index {

void putRow(Neighbours& found, size_t at, const std::vector<Candidate>& best, const std::function<float(float)>& distance) {
  for (size_t i = 0; i < best.size(); i++) {
    found.rows[at + i] = best[i].row;
    found.distances[at + i] = distance(best[i].value);
  }
}

void collect(Search& search, std::vector<std::vector<Candidate>>& answers, const std::function<float(float)>& distance) {
  Neighbours& found = search.found;
  found.offsets.assign(answers.size() + 1, 0);
  for (size_t i = 0; i < answers.size(); i++) found.offsets[i + 1] = found.offsets[i] + static_cast<uint32_t>(answers[i].size());
  found.rows.resize(found.offsets.back());
  found.distances.resize(found.offsets.back());
  for (size_t i = 0; i < answers.size(); i++) putRow(found, found.offsets[i], answers[i], distance);
}

std::unique_ptr<Search> answerEach(std::vector<float> queries, size_t count, const Bitmap* allow, std::function<float(float)> distance,
                                   std::function<void(Asked& asked, size_t begin, size_t end)> answer) {
  auto asked = std::make_shared<Asked>();
  asked->queries = std::move(queries);
  asked->answers.resize(count);
  asked->set = allow != nullptr ? *allow : Bitmap{};
  asked->filtered = allow != nullptr;
  auto search = std::make_unique<Search>();
  Search* out = search.get();
  search->finish = [asked, out, distance = std::move(distance)] { collect(*out, asked->answers, distance); };
  search->phases.push_back({count, 1, [asked, answer = std::move(answer)](size_t begin, size_t end, unsigned) { answer(*asked, begin, end); }});
  return search;
}

std::function<float(float)> distanceOfValue(Space space, const faiss::IndexLSH* lsh) {
  if (lsh != nullptr) return [bits = static_cast<size_t>(lsh->nbits)](float value) { return distanceOfBits(value, bits); };
  // Values are ranked with the smaller first: inner products are negative in them.
  if (space == Space::euclidean) return [](float value) { return distanceOf(Space::euclidean, value); };
  return [space](float value) { return distanceOf(space, -value); };
}

void sortCandidates(std::vector<Candidate>& candidates) { std::sort(candidates.begin(), candidates.end()); }

CodeScorer::CodeScorer(const faiss::IndexFlatCodes& codes, const float* query)
    : data_(codes.codes.data()), size_(codes.code_size), sign_(codes.metric_type == faiss::METRIC_L2 ? 1.0f : -1.0f) {
  if (const auto* lsh = dynamic_cast<const faiss::IndexLSH*>(&codes)) {
    bits_.resize(size_);
    lsh->sa_encode(1, query, bits_.data());
    return;
  }
  computer_.reset(codes.get_FlatCodesDistanceComputer());
  computer_->set_query(query);
}

CodeScorer::~CodeScorer() = default;

float CodeScorer::operator()(size_t row) const {
  const uint8_t* code = data_ + row * size_;
  if (computer_ != nullptr) return sign_ * computer_->distance_to_code(code);
  unsigned differing = 0;
  for (size_t i = 0; i < size_; i++) differing += static_cast<unsigned>(__builtin_popcount(static_cast<unsigned>(code[i] ^ bits_[i])));
  return static_cast<float>(differing);
}

std::unique_ptr<Search> Index::nearest(const float* queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const {
  if (!trained_ || k < 1 || k > rows_) throw Error("INVALID_ARGUMENT", "k must be from 1 to the number of rows that were added.");
  std::vector<float> own;
  const float* ready = prepared(queries, count, own);
  if (ready == queries) own.assign(queries, queries + count * static_cast<size_t>(dimensions()));
  if (structure_.ivf != nullptr) return searchLists(std::move(own), count, k, allow, tuning);
  if (structure_.hnsw != nullptr && !tuning.everything) return searchGraph(std::move(own), count, k, allow, tuning);
  if (structure_.flat != nullptr) return scanFlat(std::move(own), count, k, allow);
  return searchCodes(std::move(own), count, k, allow);
}

}  // namespace cbir::faiss_index
