// Search in a forest: Annoy's candidates for a search_k, their distances with our kernels, and the k closest in core's distances.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/kernels.h>
#include <cbir/metric.h>

#include "forest.h"

namespace cbir::annoy {

/// What a search needs room for; reused from query to query.
struct Scratch {
  /// Nodes that wait to be looked at, as a heap: the order of the margin above, the number of the node below.
  std::vector<uint64_t> waiting;
  /// Candidates as bits over the items, and which words of it have any.
  std::vector<uint64_t> seen;
  std::vector<uint64_t> seenWords;
  /// Candidates in ascending order.
  std::vector<uint32_t> candidates;
  /// The closest so far: the order of the distance above, the item below.
  std::vector<uint64_t> closest;
  std::vector<uint64_t> packedQuery;
  std::vector<std::pair<float, uint32_t>> found;
};

/// Scratch of one search at a time, kept for the next.
class ScratchPool {
 public:
  std::unique_ptr<Scratch> take();
  void give(std::unique_ptr<Scratch> scratch);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

class Search {
 public:
  /// `metric`: the one whose distances are given out; its order must be that of the forest's distance.
  Search(const Forest& forest, Metric metric, const Kernels& kernels) : forest_(forest), metric_(metric), kernels_(kernels) {}

  /// Fills scratch.candidates with the items that Annoy looks at: leaves are collected, the most promising first, until `searchK` items were
  /// met, one met twice counted twice. With `allow`, only allowed items are met, so it goes on until as many of them are.
  void collect(const float* query, size_t searchK, const Bitmap* allow, Scratch& scratch) const;
  /// Fills scratch.candidates with every item, or every allowed one.
  void collectAll(const Bitmap* allow, Scratch& scratch) const;
  /// Fills scratch.found with the `k` closest of scratch.candidates, ascending by distance, then by item; fewer where there are fewer.
  void rank(const float* query, size_t k, Scratch& scratch) const;

  /// The distance of one item to a query.
  float measure(const float* query, uint32_t item, Scratch& scratch) const;

 private:
  /// Everything about a query that is computed once.
  struct Query {
    const float* vector;
    const uint64_t* bits;
    float squaredNorm;
  };
  Query prepare(const float* query, Scratch& scratch) const;
  float margin(const Node& split, const Query& query) const;
  /// Ascends with the distance; only the order counts. What is above `bound` may be given before it is summed to its end.
  float key(const Node& item, const Query& query, float bound) const;
  float partial(FloatKernel kernel, const float* vector, const float* query, float bound) const;
  float distance(const Node& item, const Query& query, double squaredNorm) const;

  const Forest& forest_;
  Metric metric_;
  const Kernels& kernels_;
};

}  // namespace cbir::annoy
