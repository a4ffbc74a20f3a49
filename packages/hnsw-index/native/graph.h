// Graph: hnswlib's HierarchicalNSW over memory of our own, with its linking rules, our search, and rows that can be replaced.
//
// Row r is node r. A node is one block of memory, its parts on cache lines of their own: links of layer 0, vector. The 8-bit codes (where wanted)
// are a block of their own: a search compares some twenty times as many nodes as it expands, and dense codes share pages and caches.
// Nodes from rows() on are left by insertions that failed or were aborted: never found, walked through, and used by the next rows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/task.h>

#include "beam_search.h"
#include "block_memory.h"
#include "code_space.h"
#include "scratch.h"
#include "space.h"

namespace cbir::hnsw {

struct Settings {
  Metric metric = Metric::euclidean;
  size_t dimensions = 0;
  size_t M = 16;
  size_t efConstruction = 200;
  uint64_t seed = 100;
  bool codes = false;
  bool reproducible = false;  // one insertion at a time: the same rows and seed give the same graph
};

using hnswlib::tableint;

/// The most links a node: a list's length is 16 bits in hnswlib, twice M in layer 0, and hnswlib's own cap.
constexpr size_t maxM = 10000;

class Graph final : private hnswlib::HierarchicalNSW<float> {
 public:
  /// An empty graph. @throws Error INVALID_CONFIG
  explicit Graph(const Settings& settings);
  ~Graph() override;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  const Settings& settings() const { return settings_; }
  const Space& space() const { return space_; }
  size_t rows() const { return rows_; }
  size_t nodes() const { return cur_element_count.load(std::memory_order_relaxed); }
  /// Memory taken, in bytes.
  size_t bytes() const;
  const float* vector(size_t row) const { return reinterpret_cast<const float*>(getDataByInternalId(static_cast<tableint>(row))); }

  // ---- Changes: one at a time, with no search beside. What throws leaves the rows as they were.

  /// Adds rows. @throws Aborted, std::bad_alloc, Error NOT_SUPPORTED (too many)
  void append(const float* vectors, size_t count, size_t following, Task& task);
  /// Puts vectors in the place of rows, which must be different ones. @throws Aborted, std::bad_alloc, Error INVALID_ARGUMENT (no such row)
  void overwrite(const uint32_t* rows, const float* vectors, size_t count, Task& task);
  /// Fits the scale of the codes to the rows and makes all codes anew; nothing where there are none.
  void makeCodes(Task& task);

  // ---- Searches: any number at once.

  /// The closest rows, by core's distance in double precision, then by row; gives how many, which may be fewer than there are.
  size_t search(const float* query, size_t k, size_t ef, const Bitmap* allow, uint32_t* rows, float* distances) const;
  /// The same for certain, by comparing with every allowed row. `control`: looked at for an abort, may be null.
  size_t scan(const float* query, size_t k, const Bitmap* allow, uint32_t* rows, float* distances, const Control* control) const;

 private:
  friend class GraphFile;
  struct Links;
  struct LockedLinks;
  template <KeyForm form>
  struct VectorKey;
  using Queue = std::priority_queue<std::pair<float, tableint>, std::vector<std::pair<float, tableint>>, CompareByFirst>;

  char* block(size_t node) const { return data_level0_memory_ + node * size_data_per_element_; }
  uint8_t* codesOf(size_t node) const { return reinterpret_cast<uint8_t*>(codes_.data() + node * codeBytes_); }
  size_t storedLevels(size_t node) const { return static_cast<size_t>(element_levels_[node]); }

  int levelOf(size_t node) const;
  /// Room for `nodes`; changes nothing else.
  void reserve(size_t nodes);
  /// Makes nodes without links up to `nodes`.
  void makeNodes(size_t nodes);
  void place(size_t node, const float* vector);
  void link(tableint node);
  void relink(tableint node);
  void repair(tableint node, int level, const std::vector<tableint>& neighbours);
  Queue candidatesFor(tableint node, int level, tableint& start, float& startKey, Scratch& scratch, size_t wanted);
  template <class Node, class Change>
  void forEachNode(size_t count, Task& task, const Node& nodeAt, const Change& change);
  void fitCodes(size_t rows, Task& task);
  void placed(size_t count, size_t rows);

  template <class F>
  auto withKey(const void* row, F&& body) const;
  template <class Key>
  size_t beamFor(const Key& key, Scratch& scratch, size_t ef, const Allowed& allowed) const;
  size_t giveClosest(const void* query, const Candidate* beam, size_t size, size_t k, size_t compared, uint32_t* rows, float* distances) const;

  Settings settings_;
  Space space_;
  CodeSpace codeSpace_;
  size_t codeBytes_ = 0;
  BlockMemory memory_;
  BlockMemory codes_;
  size_t rows_ = 0;
  size_t capacity_ = 0;
  std::vector<uint8_t> linked_;  // whether a node was put into the graph; apart from the links, as threads write it
  size_t rowsAtFit_ = 0;         // rows when the codes were fitted
  size_t placedSinceFit_ = 0;
  std::atomic<size_t> cutSinceFit_{0};  // coordinates that did not fit the scale
  mutable ScratchPool scratches_;
};

}  // namespace cbir::hnsw
