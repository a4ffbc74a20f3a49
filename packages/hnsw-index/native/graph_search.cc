// The searches of a graph: along its links, and through all rows.
#include <algorithm>
#include <cstring>
#include <vector>

#include <cbir/prefetch.h>

#include "graph.h"
#include "graph_keys.h"

namespace cbir::hnsw {

namespace {
constexpr size_t cacheLine = 64;
}

/// Lists of a layer while nothing changes.
struct Graph::Links {
  const Graph& graph;
  int level;
  const uint32_t* operator()(uint32_t node, Scratch&, size_t& count) const {
    auto* const list = graph.get_linklist_at_level(node, level);
    count = graph.getListCount(list);
    return list + 1;
  }
  void prefetch(uint32_t node) const {
    const char* const list = graph.block(node);
    prefetchFar(list);
    prefetchFar(list + cacheLine);
  }
};

template <class Key>
size_t Graph::beamFor(const Key& key, Scratch& scratch, size_t ef, const Allowed& allowed) const {
  scratch.begin(capacity_, maxM0_);
  uint32_t node = enterpoint_node_;
  float nodeKey = key(node);
  for (int layer = maxlevel_; layer > 0; layer--) descend(scratch, key, Links{*this, layer}, node, nodeKey);
  const Links links{*this, 0};
  if (allowed.bitmap == nullptr && allowed.rows >= nodes()) return beamSearch<false>(scratch, key, links, node, nodeKey, ef, allowed);
  return beamSearch<true>(scratch, key, links, node, nodeKey, ef, allowed);
}

namespace {

struct Hit {
  double distance;
  uint32_t row;
  bool operator<(const Hit& other) const { return distance != other.distance ? distance < other.distance : row < other.row; }
};

size_t give(const std::vector<Hit>& hits, size_t k, uint32_t* rows, float* distances) {
  const size_t given = std::min(k, hits.size());
  for (size_t i = 0; i < given; i++) {
    rows[i] = hits[i].row;
    distances[i] = giveOut(hits[i].distance);
  }
  return given;
}

/// The query as a row of the space, in memory of the scratch.
const void* queryRow(const Space& space, const float* query, Scratch& scratch) {
  if (scratch.row.bytes() < space.rowBytes()) scratch.row = BlockMemory(space.rowBytes());
  space.store(query, scratch.row.data());
  return scratch.row.data();
}

}  // namespace

size_t Graph::giveClosest(const void* query, const Candidate* beam, size_t size, size_t k, size_t compared, uint32_t* rows,
                          float* distances) const {
  static thread_local std::vector<Hit> hits;
  hits.clear();
  for (size_t i = 0; i < size && hits.size() < compared; i++)
    if (beam[i].allowed) hits.push_back({0, beam[i].node});
  constexpr size_t ahead = 4;
  const auto prefetch = [&](size_t i) {
    const char* const row = getDataByInternalId(hits[i].row);
    for (size_t at = 0; at < data_size_ && at < 16 * cacheLine; at += cacheLine) prefetchFar(row + at);
  };
  if (codeSpace_.present())
    for (size_t i = 0; i < ahead && i < hits.size(); i++) prefetch(i);
  for (size_t i = 0; i < hits.size(); i++) {
    if (codeSpace_.present() && i + ahead < hits.size()) prefetch(i + ahead);
    hits[i].distance = space_.distance(query, getDataByInternalId(hits[i].row));
  }
  std::sort(hits.begin(), hits.end());
  return give(hits, k, rows, distances);
}

size_t Graph::search(const float* query, size_t k, size_t ef, const Bitmap* allow, uint32_t* rows, float* distances) const {
  if (maxlevel_ < 0) return 0;
  ScratchPool::Loan scratch(scratches_);
  const void* const row = queryRow(space_, query, *scratch);
  const size_t width = std::min(std::max(ef, k), nodes());
  const Allowed allowed{rows_, allow};
  if (!codeSpace_.present()) {
    const size_t size = withKey(row, [&](const auto& key) { return beamFor(key, *scratch, width, allowed); });
    return giveClosest(row, scratch->beam.data(), size, k, k, rows, distances);
  }
  if (scratch->codes.size() < codeSpace_.rowBytes()) scratch->codes.resize(codeSpace_.rowBytes());
  const CodeQuery codes = codeSpace_.encodeQuery(space_, row, scratch->codes.data());
  const CodeKeys keys{codeSpace_, codesOf(0), codeBytes_, codes};
  const size_t size = codeSpace_.products()  ? beamFor(ProductCodeKey{keys}, *scratch, width, allowed)
                      : codeSpace_.negated() ? beamFor(NegatedCodeKey{keys}, *scratch, width, allowed)
                                             : beamFor(SumCodeKey{keys}, *scratch, width, allowed);
  return giveClosest(row, scratch->beam.data(), size, k, comparedOf(k), rows, distances);
}

size_t Graph::scan(const float* query, size_t k, const Bitmap* allow, uint32_t* rows, float* distances, const Control* control) const {
  ScratchPool::Loan scratch(scratches_);
  const void* const row = queryRow(space_, query, *scratch);
  std::vector<Hit> heap;
  heap.reserve(k + 1);
  const auto compare = [&](size_t at) {
    const Hit hit{space_.distance(row, getDataByInternalId(static_cast<tableint>(at))), static_cast<uint32_t>(at)};
    if (heap.size() == k) {
      if (!(hit < heap.front())) return;
      std::pop_heap(heap.begin(), heap.end());
      heap.back() = hit;
    } else {
      heap.push_back(hit);
    }
    std::push_heap(heap.begin(), heap.end());
  };
  constexpr size_t step = 1024;
  for (size_t at = 0; at < rows_; at += step) {
    if (control != nullptr && control->aborted()) throw Aborted();
    const size_t end = std::min(at + step, rows_);
    if (allow == nullptr) {
      for (size_t i = at; i < end; i++) compare(i);
      continue;
    }
    const size_t bytes = std::min((end + 7) / 8, allow->rows / 8);
    for (size_t byte = at / 8; byte < bytes; byte++) {
      for (unsigned bits = allow->bits[byte]; bits != 0; bits &= bits - 1) {
        unsigned bit = 0;
        while (((bits >> bit) & 1) == 0) bit++;
        if (byte * 8 + bit < end) compare(byte * 8 + bit);
      }
    }
  }
  std::sort_heap(heap.begin(), heap.end());
  return give(heap, k, rows, distances);
}

}  // namespace cbir::hnsw
