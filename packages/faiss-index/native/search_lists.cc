// Searching inverted lists (IVF): first the closest centroids, then their lists, by faiss. Many queries find their centroids together.

#include <algorithm>
#include <numeric>

#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/IDSelector.h>

#include <cbir/kernels.h>

#include "search.h"

namespace cbir::faiss_index {

namespace {

/// From so many queries on faiss finds centroids by products of matrices.
constexpr size_t kLeastProducts = 20;
constexpr size_t kGroup = 64;

/// faiss's parameters for one search; its bitmap is the filter.
struct Parameters {
  Parameters(size_t nprobe, const Bitmap* allow) : bitmap(allow != nullptr ? (allow->rows + 7) / 8 : 0, allow != nullptr ? allow->bits : nullptr) {
    parameters.nprobe = nprobe;
    if (allow != nullptr) parameters.sel = &bitmap;
  }
  faiss::IDSelectorBitmap bitmap;
  faiss::SearchParametersIVF parameters;
};

/// The closest centroids of queries: their numbers, −1 where there are fewer, and faiss's values for them.
void findCentroids(const faiss::IndexIVF& ivf, const faiss::IndexFlat& centroids, const float* queries, size_t count, size_t nprobe, float* values,
                   int64_t* lists) {
  const bool graph = dynamic_cast<const faiss::IndexHNSW*>(ivf.quantizer) != nullptr;
  const auto d = static_cast<size_t>(ivf.d);
  // All of them: only a scan is sure to find them.
  const faiss::Index& quantizer = nprobe >= ivf.nlist ? static_cast<const faiss::Index&>(centroids) : *ivf.quantizer;
  if (count >= kLeastProducts || (graph && nprobe < ivf.nlist)) {
    quantizer.search(static_cast<int64_t>(count), queries, static_cast<int64_t>(nprobe), values, lists);
    return;
  }
  const bool product = ivf.metric_type != faiss::METRIC_L2;
  const FloatKernel kernel = product ? kernels().dot : kernels().squaredEuclidean;
  for (size_t q = 0; q < count; q++) {
    BestRows best(nprobe);
    for (size_t list = 0; list < ivf.nlist; list++) {
      const float value = kernel(queries + q * d, centroids.get_xb() + list * d, d);
      best.offer(product ? -value : value, static_cast<uint32_t>(list));
    }
    const std::vector<Candidate> found = best.take();
    for (size_t i = 0; i < nprobe; i++) {
      const bool there = i < found.size();
      lists[q * nprobe + i] = there ? static_cast<int64_t>(found[i].row) : -1;
      values[q * nprobe + i] = there ? (product ? -found[i].value : found[i].value) : 0;
    }
  }
}

struct State {
  State(std::vector<float> queries, size_t count, size_t nprobe, const Bitmap* allow)
      : queries(std::move(queries)), answers(count), values(count * nprobe), lists(count * nprobe), parameters(nprobe, allow) {}
  std::vector<float> queries;
  std::vector<std::vector<Candidate>> answers;
  std::vector<float> values;
  std::vector<int64_t> lists;
  Parameters parameters;
};

void addCentroidPhase(Search& search, const std::shared_ptr<State>& state, const faiss::IndexIVF& ivf, const faiss::IndexFlat& centroids, size_t count,
                      size_t nprobe) {
  const auto d = static_cast<size_t>(ivf.d);
  search.phases.push_back({count, count >= kLeastProducts ? kGroup : 1, [state, &ivf, &centroids, nprobe, d](size_t begin, size_t end, unsigned) {
                             findCentroids(ivf, centroids, state->queries.data() + begin * d, end - begin, nprobe, state->values.data() + begin * nprobe,
                                           state->lists.data() + begin * nprobe);
                           }});
}

}  // namespace

std::unique_ptr<Search> Index::searchLists(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const {
  const faiss::IndexIVF& ivf = *structure_.ivf;
  const size_t nprobe = tuning.everything ? ivf.nlist : std::min(ivf.nlist, tuning.nprobe);
  auto state = std::make_shared<State>(std::move(queries), count, nprobe, allow);
  auto search = std::make_unique<Search>();
  Search* out = search.get();
  search->finish = [state, out, distance = distanceOfValue(space_, nullptr)] { collect(*out, state->answers, distance); };
  addCentroidPhase(*search, state, ivf, *structure_.centroids(), count, nprobe);
  const float sign = ivf.metric_type == faiss::METRIC_L2 ? 1.0f : -1.0f;
  const auto d = static_cast<size_t>(ivf.d);
  search->phases.push_back({count, 1, [state, &ivf, k, nprobe, d, sign](size_t begin, size_t end, unsigned) {
                              std::vector<float> values((end - begin) * k);
                              std::vector<int64_t> rows((end - begin) * k);
                              ivf.search_preassigned(static_cast<int64_t>(end - begin), state->queries.data() + begin * d, static_cast<int64_t>(k),
                                                     state->lists.data() + begin * nprobe, state->values.data() + begin * nprobe, values.data(), rows.data(),
                                                     false, &state->parameters.parameters);
                              for (size_t q = begin; q < end; q++) {
                                std::vector<Candidate>& answer = state->answers[q];
                                answer.reserve(k);
                                for (size_t i = (q - begin) * k; i < (q - begin + 1) * k; i++) {
                                  if (rows[i] >= 0) answer.push_back({sign * values[i], static_cast<uint32_t>(rows[i])});
                                }
                                sortCandidates(answer);
                              }
                            }});
  return search;
}

std::unique_ptr<Search> Index::within(const float* queries, size_t count, float radius, const Bitmap* allow, const Tuning& tuning) const {
  if (!trained_) throw Error("INVALID_ARGUMENT", "The index must be trained before it is asked.");
  std::vector<float> own;
  const float* ready = prepared(queries, count, own);
  if (ready == queries) own.assign(queries, queries + count * static_cast<size_t>(dimensions()));
  const faiss::IndexIVF* ivf = structure_.ivf;
  const size_t nprobe = ivf == nullptr ? 0 : tuning.everything ? ivf->nlist : std::min(ivf->nlist, tuning.nprobe);
  auto state = std::make_shared<State>(std::move(own), count, nprobe, allow);
  auto search = std::make_unique<Search>();
  Search* out = search.get();
  const auto distance = distanceOfValue(space_, structure_.lsh);
  search->finish = [state, out, distance] { collect(*out, state->answers, distance); };
  // Sorted and cut by the distance as it is given out, so that what is at the radius is within it.
  const auto keep = [distance, radius](std::vector<Candidate>& answer) {
    answer.erase(std::remove_if(answer.begin(), answer.end(), [&](const Candidate& candidate) { return !(distance(candidate.value) <= radius); }),
                 answer.end());
    sortCandidates(answer);
  };
  const auto d = static_cast<size_t>(structure_.core->d);
  const Bitmap set = allow != nullptr ? *allow : Bitmap{};
  if (ivf == nullptr) {
    search->phases.push_back(
        {count, 1, [this, state, keep, d, set, filtered = allow != nullptr, rows = rows_](size_t begin, size_t end, unsigned) {
           const faiss::IndexFlat* flat = structure_.flat;
           const bool product = structure_.core->metric_type != faiss::METRIC_L2;
           for (size_t q = begin; q < end; q++) {
             const float* query = state->queries.data() + q * d;
             std::vector<Candidate>& answer = state->answers[q];
             std::vector<Candidate> block;
             const auto scan = [&](const auto& score) {
               for (size_t from = 0; from < rows; from += 4096) {
                 block.clear();
                 eachRow(filtered ? &set : nullptr, from, std::min(rows, from + 4096),
                         [&](size_t row) { block.push_back({score(row), static_cast<uint32_t>(row)}); });
                 keep(block);
                 answer.insert(answer.end(), block.begin(), block.end());
               }
             };
             if (flat != nullptr) {
               const float* vectors = flat->get_xb();
               const FloatKernel kernel = product ? kernels().dot : kernels().squaredEuclidean;
               scan([&](size_t row) {
                 const float value = kernel(query, vectors + row * d, d);
                 return product ? -value : value;
               });
             } else {
               const CodeScorer score(*structure_.stored(), query);
               scan(score);
             }
             sortCandidates(answer);
           }
         }});
    return search;
  }
  addCentroidPhase(*search, state, *ivf, *structure_.centroids(), count, nprobe);
  // faiss finds what is strictly closer than its own value: a little more than asked for, and what is too far is left out again.
  const bool product = ivf->metric_type != faiss::METRIC_L2;
  const double exact = space_ == Space::euclidean ? (radius < 0 ? -1.0 : static_cast<double>(radius) * radius)
                       : space_ == Space::cosine  ? 1.0 - static_cast<double>(radius)
                                                  : -static_cast<double>(radius);
  const double margin = 1e-5 * std::abs(exact) + 1e-6;
  const float edge = static_cast<float>(product ? exact - margin : exact + margin);
  search->phases.push_back({count, 1, [state, ivf, nprobe, d, edge, product, keep](size_t begin, size_t end, unsigned) {
                              for (size_t q = begin; q < end; q++) {
                                faiss::RangeSearchResult result(1);
                                ivf->range_search_preassigned(1, state->queries.data() + q * d, edge, state->lists.data() + q * nprobe,
                                                              state->values.data() + q * nprobe, &result, false, &state->parameters.parameters);
                                std::vector<Candidate>& answer = state->answers[q];
                                for (size_t i = 0; i < result.lims[1]; i++) {
                                  answer.push_back({product ? -result.distances[i] : result.distances[i], static_cast<uint32_t>(result.labels[i])});
                                }
                                keep(answer);
                              }
                            }});
  return search;
}

}  // namespace cbir::faiss_index
