// Searching a graph of faiss (HNSW): the beam search of Malkov and Yashunin ("Efficient and robust approximate nearest neighbor search using
// hierarchical navigable small world graphs", 2016) over faiss's links. Our own loop, because faiss's bounds its beam by a field of the shared
// index: with it, queries with different efSearch could not run beside each other. Rows outside the filter are passed through, not given out.

#include <algorithm>
#include <queue>

#include <cbir/kernels.h>
#include <cbir/prefetch.h>

#include "search.h"

namespace cbir::faiss_index {

namespace {

/// Which rows a search has seen; kept per thread, so that a query does not clear memory for every row.
class Visited {
 public:
  void begin(size_t rows) {
    if (seen_.size() < rows) seen_.resize(rows, 0);
    if (++round_ == 0) {
      std::fill(seen_.begin(), seen_.end(), uint16_t{0});
      round_ = 1;
    }
  }
  bool enter(size_t row) {
    if (seen_[row] == round_) return false;
    seen_[row] = round_;
    return true;
  }

 private:
  std::vector<uint16_t> seen_;
  uint16_t round_ = 0;
};

thread_local Visited visited;

struct Closer {
  bool operator()(const Candidate& a, const Candidate& b) const { return b < a; }
};

/// Ranks plain vectors with our kernels.
struct FlatScorer {
  const float* vectors;
  const float* query;
  size_t d;
  bool product;
  FloatKernel kernel;

  float operator()(size_t row) const {
    const float value = kernel(query, vectors + row * d, d);
    return product ? -value : value;
  }
  void prefetch(size_t row) const {
    const char* at = reinterpret_cast<const char*>(vectors + row * d);
    for (size_t byte = 0; byte < d * sizeof(float); byte += 64) prefetchFar(at + byte);
  }
};

/// Ranks codes with faiss.
struct StoredScorer {
  CodeScorer score;
  float operator()(size_t row) const { return score(row); }
  void prefetch(size_t) const {}
};

template <class Scorer>
std::vector<Candidate> beamSearch(const faiss::HNSW& graph, size_t rows, const Scorer& score, size_t ef, size_t k, const Bitmap* allow) {
  if (graph.entry_point < 0) return {};
  auto nearest = static_cast<size_t>(graph.entry_point);
  float value = score(nearest);
  const auto links = [&](size_t row, int level, auto&& visit) {
    const int* link = graph.neighbors.data() + graph.offsets[row];
    const int* end = link + graph.cum_nneighbor_per_level[static_cast<size_t>(level) + 1];
    for (link += graph.cum_nneighbor_per_level[static_cast<size_t>(level)]; link < end && *link >= 0; link++) visit(static_cast<size_t>(*link));
  };
  for (int level = graph.max_level; level > 0; level--) {
    for (bool moved = true; moved;) {
      moved = false;
      links(nearest, level, [&](size_t row) {
        const float other = score(row);
        if (other < value) {
          value = other;
          nearest = row;
          moved = true;
        }
      });
    }
  }

  visited.begin(rows);
  visited.enter(nearest);
  std::vector<Candidate> frontier{{value, static_cast<uint32_t>(nearest)}};
  BestRows best(std::max(ef, k));
  if (allow == nullptr || allow->has(nearest)) best.offer(value, static_cast<uint32_t>(nearest));
  std::vector<size_t> fresh;
  while (!frontier.empty()) {
    std::pop_heap(frontier.begin(), frontier.end(), Closer());
    const Candidate next = frontier.back();
    frontier.pop_back();
    if (best.full() && next.value > best.bound()) break;
    fresh.clear();
    links(next.row, 0, [&](size_t row) {
      if (visited.enter(row)) fresh.push_back(row);
    });
    constexpr size_t ahead = 2;
    for (size_t i = 0; i < std::min(ahead, fresh.size()); i++) score.prefetch(fresh[i]);
    for (size_t i = 0; i < fresh.size(); i++) {
      if (i + ahead < fresh.size()) score.prefetch(fresh[i + ahead]);
      const float found = score(fresh[i]);
      if (best.full() && !(found < best.bound())) continue;
      frontier.push_back({found, static_cast<uint32_t>(fresh[i])});
      std::push_heap(frontier.begin(), frontier.end(), Closer());
      if (allow == nullptr || allow->has(fresh[i])) best.offer(found, static_cast<uint32_t>(fresh[i]));
    }
  }
  std::vector<Candidate> found = best.take();
  if (found.size() > k) found.resize(k);
  return found;
}

}  // namespace

std::unique_ptr<Search> Index::searchGraph(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const {
  const auto answer = [this, k, ef = tuning.efSearch](Asked& asked, size_t begin, size_t end) {
    const faiss::IndexFlatCodes* stored = structure_.stored();
    const auto* flat = dynamic_cast<const faiss::IndexFlat*>(stored);
    const auto d = static_cast<size_t>(stored->d);
    const bool product = stored->metric_type != faiss::METRIC_L2;
    for (size_t q = begin; q < end; q++) {
      const float* query = asked.queries.data() + q * d;
      if (flat != nullptr) {
        const FlatScorer score{flat->get_xb(), query, d, product, product ? kernels().dot : kernels().squaredEuclidean};
        asked.answers[q] = beamSearch(structure_.hnsw->hnsw, rows_, score, ef, k, asked.allow());
      } else {
        const StoredScorer score{CodeScorer(*stored, query)};
        asked.answers[q] = beamSearch(structure_.hnsw->hnsw, rows_, score, ef, k, asked.allow());
      }
    }
  };
  return answerEach(std::move(queries), count, allow, distanceOfValue(space_, nullptr), answer);
}

}  // namespace cbir::faiss_index
