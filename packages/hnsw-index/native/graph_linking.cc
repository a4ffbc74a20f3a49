// How a node gets its links: hnswlib's rules, with a search of our own for the candidates.
#include <algorithm>
#include <cstring>
#include <mutex>
#include <unordered_set>
#include <utility>
#include <vector>

#include <cbir/prefetch.h>

#include "graph.h"
#include "graph_keys.h"

namespace cbir::hnsw {

/// Lists of a layer, read while others are written.
struct Graph::LockedLinks {
  const Graph& graph;
  int level;
  const uint32_t* operator()(uint32_t node, Scratch& scratch, size_t& count) const {
    Graph& changed = const_cast<Graph&>(graph);
    std::unique_lock<std::mutex> lock(changed.link_list_locks_[node]);
    auto* const list = graph.get_linklist_at_level(node, level);
    count = graph.getListCount(list);
    std::memcpy(scratch.links.data(), list + 1, count * sizeof(uint32_t));
    return scratch.links.data();
  }
  void prefetch(uint32_t node) const {
    if (level == 0) prefetchFar(graph.block(node));
  }
};

// The closest nodes of a layer to `node`, without itself; they never are none where the layer has another. `start` moves to the closest.
Graph::Queue Graph::candidatesFor(tableint node, int level, tableint& start, float& startKey, Scratch& scratch, size_t wanted) {
  const void* const row = getDataByInternalId(node);
  return withKey(row, [&](const auto& key) {
    scratch.begin(capacity_, maxM0_);
    const size_t size =
        beamSearch<false>(scratch, key, LockedLinks{*this, level}, start, startKey, wanted, Allowed{capacity_, nullptr});
    std::vector<std::pair<float, tableint>> found;
    found.reserve(size);
    for (size_t i = 0; i < size; i++)
      if (scratch.beam[i].node != node) found.emplace_back(scratch.beam[i].key, tableint{scratch.beam[i].node});
    start = scratch.beam[0].node;
    startKey = scratch.beam[0].key;
    return Queue(CompareByFirst(), std::move(found));
  });
}

void Graph::link(tableint node) {
  ScratchPool::Loan scratch(scratches_);
  // Held until the node has all its links: who comes upon it from an upper layer waits. Nobody waits upwards, so nobody waits for ever.
  std::unique_lock<std::mutex> own(link_list_locks_[node]);
  std::unique_lock<std::mutex> top(global);
  const int level = element_levels_[node];
  const int highest = maxlevel_;
  if (level <= highest) top.unlock();
  tableint current = enterpoint_node_;
  if (highest < 0) {
    enterpoint_node_ = node;
    maxlevel_ = level;
    linked_[node] = 1;
    return;
  }
  const void* const row = getDataByInternalId(node);
  float key = fstdistfunc_(row, getDataByInternalId(current), dist_func_param_);
  withKey(row, [&](const auto& keyOf) {
    scratch->begin(capacity_, maxM0_);
    for (int layer = highest; layer > level; layer--) descend(*scratch, keyOf, LockedLinks{*this, layer}, current, key);
    return 0;
  });
  for (int layer = std::min(level, highest); layer >= 0; layer--) {
    Queue candidates = candidatesFor(node, layer, current, key, *scratch, ef_construction_);
    mutuallyConnectNewElement(row, node, candidates, layer, false);
  }
  if (level > highest) {
    enterpoint_node_ = node;
    maxlevel_ = level;
  }
  linked_[node] = 1;
}

// After a vector changed: those that the node linked to look for others among its neighbours and theirs, and it is linked anew from where it is now.
void Graph::relink(tableint node) {
  ScratchPool::Loan scratch(scratches_);
  const int level = element_levels_[node];
  const void* const row = getDataByInternalId(node);
  std::unique_lock<std::mutex> top(global);
  tableint current = enterpoint_node_;
  const int highest = maxlevel_;
  top.unlock();
  float key = fstdistfunc_(row, getDataByInternalId(current), dist_func_param_);
  withKey(row, [&](const auto& keyOf) {
    scratch->begin(capacity_, maxM0_);
    for (int layer = highest; layer > level; layer--) descend(*scratch, keyOf, LockedLinks{*this, layer}, current, key);
    return 0;
  });
  for (int layer = std::min(level, highest); layer >= 0; layer--) {
    const std::vector<tableint> neighbours = getConnectionsWithLock(node, layer);
    // The old links lead out of a place that is no longer the node's own, so it is searched for before they go.
    Queue candidates = candidatesFor(node, layer, current, key, *scratch, ef_construction_ + 1);
    repair(node, layer, neighbours);
    if (!candidates.empty()) mutuallyConnectNewElement(row, node, candidates, layer, true);
  }
}

void Graph::repair(tableint node, int level, const std::vector<tableint>& neighbours) {
  std::unordered_set<tableint> around(neighbours.begin(), neighbours.end());
  for (const tableint neighbour : neighbours)
    for (const tableint further : getConnectionsWithLock(neighbour, level)) around.insert(further);
  around.erase(node);
  for (const tableint neighbour : neighbours) {
    std::vector<std::pair<float, tableint>> found;
    found.reserve(around.size());
    for (const tableint other : around) {
      if (other == neighbour) continue;
      found.emplace_back(fstdistfunc_(getDataByInternalId(neighbour), getDataByInternalId(other), dist_func_param_), other);
    }
    if (found.empty()) continue;
    // Ties by number, so that the order of the hash table shows nowhere.
    const size_t kept = std::min(found.size(), ef_construction_);
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end());
    found.resize(kept);
    Queue candidates(CompareByFirst(), std::move(found));
    getNeighborsByHeuristic2(candidates, level == 0 ? maxM0_ : maxM_);
    std::unique_lock<std::mutex> lock(link_list_locks_[neighbour]);
    auto* const list = get_linklist_at_level(neighbour, level);
    const size_t count = candidates.size();
    for (size_t i = count; i > 0; i--) {
      list[i] = candidates.top().second;
      candidates.pop();
    }
    setListCount(list, static_cast<unsigned short>(count));
  }
}

}  // namespace cbir::hnsw
