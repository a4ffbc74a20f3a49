// Searching codes of single vectors (SQ, PQ, LSH): by faiss where every row may be found, else, and within a radius, code by code.

#include <algorithm>

#include "search.h"

namespace cbir::faiss_index {

std::unique_ptr<Search> Index::searchCodes(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow) const {
  struct State {
    std::vector<float> queries;
    std::vector<std::vector<Candidate>> answers;
  };
  auto state = std::make_shared<State>();
  state->queries = std::move(queries);
  state->answers.resize(count);
  auto search = std::make_unique<Search>();
  Search* out = search.get();
  search->finish = [state, out, distance = distanceOfValue(space_, structure_.lsh)] { collect(*out, state->answers, distance); };

  const faiss::IndexFlatCodes* codes = structure_.stored();
  const auto d = static_cast<size_t>(codes->d);
  // A graph's vectors are scanned here too; only faiss's own search of plain codes is faster than the loop.
  if (allow == nullptr && structure_.codes != nullptr) {
    const float sign = codes->metric_type == faiss::METRIC_L2 ? 1.0f : -1.0f;
    search->phases.push_back({count, 1, [state, codes, d, k, sign](size_t begin, size_t end, unsigned) {
                                std::vector<float> values((end - begin) * k);
                                std::vector<int64_t> rows((end - begin) * k);
                                codes->search(static_cast<int64_t>(end - begin), state->queries.data() + begin * d, static_cast<int64_t>(k), values.data(),
                                              rows.data());
                                for (size_t q = begin; q < end; q++) {
                                  std::vector<Candidate>& answer = state->answers[q];
                                  for (size_t i = (q - begin) * k; i < (q - begin + 1) * k; i++) {
                                    if (rows[i] >= 0) answer.push_back({sign * values[i], static_cast<uint32_t>(rows[i])});
                                  }
                                  sortCandidates(answer);
                                }
                              }});
    return search;
  }
  const Bitmap set = allow != nullptr ? *allow : Bitmap{};
  search->phases.push_back({count, 1, [state, codes, d, k, set, filtered = allow != nullptr, rows = rows_](size_t begin, size_t end, unsigned) {
                              for (size_t q = begin; q < end; q++) {
                                const CodeScorer score(*codes, state->queries.data() + q * d);
                                BestRows best(k);
                                eachRow(filtered ? &set : nullptr, 0, rows, [&](size_t row) { best.offer(score(row), static_cast<uint32_t>(row)); });
                                state->answers[q] = best.take();
                              }
                            }});
  return search;
}

}  // namespace cbir::faiss_index
