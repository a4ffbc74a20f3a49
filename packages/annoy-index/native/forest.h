// Forest: the items and trees of one Annoy index, and the number of every root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "node_layout.h"
#include "node_memory.h"

namespace cbir::annoy {

/// Called between pieces of long work with how much is done, of how much; throws to stop it.
using Checkpoint = std::function<void(uint64_t done, uint64_t total)>;

class Forest {
 public:
  /// @throws Error NOT_SUPPORTED (more dimensions than a node of Annoy has room for), INVALID_ARGUMENT (none)
  Forest(Distance distance, size_t dimensions);

  const NodeLayout& layout() const { return layout_; }
  /// Item numbers in use are below this; as many are holes as were never given.
  uint32_t items() const { return items_; }
  /// Items and nodes of trees, the copies of the roots included.
  uint32_t nodes() const { return items_ + treeNodes_; }
  const std::vector<uint32_t>& roots() const { return roots_; }
  bool isPlanted() const { return !roots_.empty(); }
  bool isMapped() const { return itemMemory_.isMapped(); }
  /// Bytes of memory behind it; a mapped file counts for none.
  size_t bytes() const;

  /// The node of a number below nodes().
  Node node(uint32_t number) const {
    const uint8_t* at = number < items_ ? itemMemory_.data() + number * layout_.bytes : trees_ + (number - items_) * layout_.bytes;
    return {at, &layout_};
  }
  bool isItem(uint32_t item) const { return item < items_ && node(item).descendants() == 1; }

  /// Puts `count` vectors behind the last item: rows of `dimensions` floats. All or none. Only before planting.
  /// @throws Error INVALID_ARGUMENT (hamming: a coordinate that is neither 0 nor 1), NOT_SUPPORTED (too many items), std::bad_alloc
  void append(const float* vectors, size_t count);
  /// Gives one item its vector; numbers below it that were never given are holes. Only before planting. @throws as append
  void put(uint32_t item, const float* vector);
  /// The vector of an item as floats, zeros for a hole.
  void read(uint32_t item, float* vector) const;
  /// Packs a vector of 0 and 1 into words: coordinate j is bit j % 64 of word j / 64, as in Python's Annoy. @throws Error INVALID_ARGUMENT
  void pack(const float* vector, uint64_t* bits) const;

  /// Plants trees over the items, as Annoy's build(trees) with set_seed(seed). `trees` 0: as many as the items take memory (Annoy's −1).
  /// With one thread the nodes are byte for byte Annoy's own (of one thread, without SIMD). With more, thread t plants
  /// ⌊(trees + t) / threads⌋ trees from the seed + t, as in Annoy, but in an order that is always the same.
  void plant(size_t trees, uint64_t seed, unsigned threads, const Checkpoint& checkpoint);
  /// Fells all trees.
  void unplant();

  /// Writes Annoy's file. Items in `freed` (bit i is byte i >> 3, mask 1 << (i & 7)) are written as holes, which Annoy never finds.
  /// @throws Error IO_FAILED
  void write(const std::string& path, const uint8_t* freed, size_t freedBytes, const Checkpoint& checkpoint) const;
  /// Reads a file of Annoy and checks every link of it. `trees` is the number of trees where it is known; 0: found as Annoy finds it.
  /// `map`: leaves the nodes in the file, which must never change again; else they are copied. @throws Error CORRUPT_DATA, IO_FAILED
  static Forest open(Distance distance, size_t dimensions, const std::string& path, size_t trees, bool map, const Checkpoint& checkpoint);

 private:
  friend class Planter;

  void reserveItems(size_t items);
  void writeItem(uint32_t item, const float* vector);
  void checkVector(const float* vector) const;

  NodeLayout layout_;
  uint32_t items_ = 0;
  uint32_t treeNodes_ = 0;
  NodeMemory itemMemory_;
  /// Where trees have memory of their own; else they follow the items in a file.
  NodeMemory treeMemory_;
  const uint8_t* trees_ = nullptr;
  std::vector<uint32_t> roots_;
};

}  // namespace cbir::annoy
