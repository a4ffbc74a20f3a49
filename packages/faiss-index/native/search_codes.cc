// Searching codes of single vectors (SQ, PQ, LSH): by faiss where every row may be found, else, and within a radius, code by code.

#include <algorithm>

#include "search.h"

namespace cbir::faiss_index {

std::unique_ptr<Search> Index::searchCodes(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow) const {
  const faiss::IndexFlatCodes* codes = structure_.stored();
  const auto d = static_cast<size_t>(codes->d);
  const auto distance = distanceOfValue(space_, structure_.lsh);
  // A graph's vectors are scanned here too; only faiss's own search of plain codes is faster than the loop.
  if (allow == nullptr && structure_.codes != nullptr) {
    const float sign = codes->metric_type == faiss::METRIC_L2 ? 1.0f : -1.0f;
    return answerEach(std::move(queries), count, allow, distance, [codes, d, k, sign](Asked& asked, size_t begin, size_t end) {
      const size_t n = end - begin;
      std::vector<float> values(n * k);
      std::vector<int64_t> rows(n * k);
      codes->search(static_cast<int64_t>(n), asked.queries.data() + begin * d, static_cast<int64_t>(k), values.data(), rows.data());
      for (size_t q = 0; q < n; q++) {
        std::vector<Candidate>& answer = asked.answers[begin + q];
        for (size_t i = q * k; i < (q + 1) * k; i++) {
          if (rows[i] >= 0) answer.push_back({sign * values[i], static_cast<uint32_t>(rows[i])});
        }
        sortCandidates(answer);
      }
    });
  }
  return answerEach(std::move(queries), count, allow, distance, [codes, d, k, rows = rows_](Asked& asked, size_t begin, size_t end) {
    for (size_t q = begin; q < end; q++) {
      const CodeScorer score(*codes, asked.queries.data() + q * d);
      BestRows best(k);
      eachRow(asked.allow(), 0, rows, [&](size_t row) { best.offer(score(row), static_cast<uint32_t>(row)); });
      asked.answers[q] = best.take();
    }
  });
}

}  // namespace cbir::faiss_index
