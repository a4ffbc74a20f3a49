// Searching plain vectors. One query: every vector is read once, block by block, on all threads. Many queries: products of matrices find a few
// candidates more than wanted; their distances are computed again as for one query, and a bound on the rounding of the products proves that no
// vector left out belongs into the answer. Where it does not, the query is scanned by itself. So a batch gives what single queries give.

#include <algorithm>
#include <cmath>

#include <cbir/kernels.h>

#include "search.h"

extern "C" int sgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const float* alpha, const float* a,
                      const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);

namespace cbir::faiss_index {

namespace {

/// Bytes of vectors that stay in a core's cache while several queries pass over them.
constexpr size_t kBlockBytes = 256 * 1024;
/// Multiplications that a range should have at least: a few tenths of a millisecond.
constexpr size_t kRangeWork = 4 << 20;
/// From so many queries on products of matrices are faster.
constexpr size_t kLeastProducts = 16;
/// Queries that are multiplied at once, and vectors.
constexpr size_t kGroup = 256;
constexpr size_t kTile = 1024;

struct Flat {
  const float* vectors;
  const float* norms;
  size_t rows;
  size_t d;
  bool product;  // ranked by inner product

  float value(const float* query, size_t row) const {
    const float* vector = vectors + row * d;
    return product ? -kernels().dot(query, vector, d) : kernels().squaredEuclidean(query, vector, d);
  }
  size_t blockRows() const { return std::max<size_t>(16, kBlockBytes / (d * sizeof(float))); }
};

/// What a group of queries found by products.
struct Products {
  std::vector<std::vector<BestRows>> best;  // by worker and query
  std::vector<std::vector<float>> tiles;    // by worker
};

/// Every vector against every query of a group: the worker's own best.
void multiply(const Flat& flat, const float* queries, size_t count, size_t begin, size_t end, std::vector<float>& tile,
              std::vector<BestRows>& best) {
  for (size_t from = begin; from < end; from += kTile) {
    const int size = static_cast<int>(std::min(kTile, end - from));
    const int d = static_cast<int>(flat.d);
    const int n = static_cast<int>(count);
    const float one = 1;
    const float none = 0;
    tile.resize(kTile * kGroup);
    sgemm_("T", "N", &size, &n, &d, &one, flat.vectors + from * flat.d, &d, queries, &d, &none, tile.data(), &size);
    for (size_t q = 0; q < count; q++) {
      const float* products = tile.data() + q * static_cast<size_t>(size);
      float bound = best[q].bound();
      for (size_t i = 0; i < static_cast<size_t>(size); i++) {
        // The query's own norm is the same for all, so it is left out.
        const float value = flat.product ? -products[i] : flat.norms[from + i] - 2 * products[i];
        if (!(value <= bound)) continue;
        best[q].offer(value, static_cast<uint32_t>(from + i));
        bound = best[q].bound();
      }
    }
  }
}

std::vector<Candidate> scanOne(const Flat& flat, const float* query, size_t k) {
  BestRows best(k);
  for (size_t row = 0; row < flat.rows; row++) best.offer(flat.value(query, row), static_cast<uint32_t>(row));
  return best.take();
}

/// The `k` closest of the candidates, proven to be the closest of all, or found by a scan.
std::vector<Candidate> settle(const Flat& flat, const float* query, float largestNorm, size_t k, std::vector<Candidate> candidates) {
  const bool all = candidates.size() >= flat.rows;
  // Vectors that were left out rank at this or above, but for rounding.
  const double edge = candidates.empty() ? -INFINITY : candidates.back().value;
  for (Candidate& candidate : candidates) candidate.value = flat.value(query, candidate.row);
  sortCandidates(candidates);
  if (candidates.size() < k) return scanOne(flat, query, k);
  const double own = kernels().squaredNormExact(query, flat.d);
  const double reach = std::sqrt(own) + std::sqrt(static_cast<double>(largestNorm));
  // Rounding of a sum of d products is at most d · 2⁻²⁴ of Σ|terms| (Higham, "Accuracy and stability of numerical algorithms", 3.1), twice over
  // for the products and the norms; Σ|terms| is at most the product of the norms (Cauchy–Schwarz).
  const double rounding = 2 * static_cast<double>(flat.d + 8) * 0x1p-24 * reach * reach;
  const double least = edge + (flat.product ? 0 : own) - rounding;
  candidates.resize(k);
  if (all || candidates.back().value < least) return candidates;
  return scanOne(flat, query, k);
}

}  // namespace

std::unique_ptr<Search> Index::scanFlat(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow) const {
  struct State {
    std::vector<float> queries;
    Flat flat;
    std::vector<std::vector<BestRows>> best;  // by worker and query
    std::vector<std::vector<Candidate>> answers;
    Products products;
    float largestNorm = 0;
  };
  auto state = std::make_shared<State>();
  const auto d = static_cast<size_t>(structure_.flat->d);
  state->queries = std::move(queries);
  state->flat = {structure_.flat->get_xb(), norms_.data(), rows_, d, structure_.flat->metric_type != faiss::METRIC_L2};
  state->answers.resize(count);
  auto search = std::make_unique<Search>();
  const unsigned workers = poolThreads();
  Search* out = search.get();
  search->finish = [state, out, distance = distanceOfValue(space_, nullptr)] { collect(*out, state->answers, distance); };

  if (count < kLeastProducts || allow != nullptr) {
    state->best.assign(workers, std::vector<BestRows>(count, BestRows(k)));
    const size_t blockRows = state->flat.blockRows();
    const size_t blocks = (rows_ + blockRows - 1) / blockRows;
    const size_t grain = std::max<size_t>(1, kRangeWork / std::max<size_t>(1, blockRows * d * count));
    const Bitmap rows = allow != nullptr ? *allow : Bitmap{};
    search->phases.push_back({blocks, grain, [state, blockRows, count, d, rows, filtered = allow != nullptr](size_t begin, size_t end, unsigned worker) {
                                const Flat& flat = state->flat;
                                for (size_t block = begin; block < end; block++) {
                                  const size_t from = block * blockRows;
                                  const size_t to = std::min(flat.rows, from + blockRows);
                                  for (size_t q = 0; q < count; q++) {
                                    BestRows& best = state->best[worker][q];
                                    const float* query = state->queries.data() + q * d;
                                    eachRow(filtered ? &rows : nullptr, from, to,
                                            [&](size_t row) { best.offer(flat.value(query, row), static_cast<uint32_t>(row)); });
                                  }
                                }
                              }});
    search->phases.push_back({count, count, [state, workers](size_t begin, size_t end, unsigned) {
                                for (size_t q = begin; q < end; q++) {
                                  for (unsigned worker = 1; worker < workers; worker++) state->best[0][q].offerAll(state->best[worker][q]);
                                  state->answers[q] = state->best[0][q].take();
                                }
                              }});
    return search;
  }

  state->products.tiles.resize(workers);
  state->largestNorm = norms_.empty() ? 0 : *std::max_element(norms_.begin(), norms_.end());
  const size_t candidates = k + std::max<size_t>(16, k / 2);
  for (size_t from = 0; from < count; from += kGroup) {
    const size_t size = std::min(kGroup, count - from);
    search->phases.push_back({(rows_ + kTile - 1) / kTile, 1, [state, from, size, candidates, d, workers](size_t begin, size_t end, unsigned worker) {
                                auto& best = state->products.best[worker];
                                if (best.empty()) best.assign(size, BestRows(candidates));
                                const size_t last = std::min(state->flat.rows, end * kTile);
                                multiply(state->flat, state->queries.data() + from * d, size, begin * kTile, last, state->products.tiles[worker], best);
                              }});
    search->phases.push_back({size, 4, [state, from, candidates, k, d](size_t begin, size_t end, unsigned) {
                                for (size_t q = begin; q < end; q++) {
                                  BestRows merged(candidates);
                                  for (auto& best : state->products.best) {
                                    if (!best.empty()) merged.offerAll(best[q]);
                                  }
                                  state->answers[from + q] =
                                      settle(state->flat, state->queries.data() + (from + q) * d, state->largestNorm, k, merged.take());
                                }
                              }});
    // The next group begins with nothing found.
    search->phases.push_back({1, 1, [state](size_t, size_t, unsigned) {
                                for (auto& best : state->products.best) best.clear();
                              }});
  }
  state->products.best.resize(workers);
  return search;
}

}  // namespace cbir::faiss_index
