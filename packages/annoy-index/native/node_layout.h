// How Annoy lays out a node in memory and in its files, as offsets in bytes, for each of its distances at float32.
//
// Every node of a forest has the same size. The first int32 is its number of descendants n:
//   item number < items:  n is 1 (0: a hole, a number that was never given), and a vector follows;
//   n ≤ capacity:         a leaf: n numbers of items, from `children` on, over the place of the vector;
//   else:                 a split: two numbers of nodes in `children`, and the normal of its hyperplane in the place of the vector.
// Roots count every item number as a descendant, holes too. Their copies are the last nodes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cbir::annoy {

/// Annoy's distances. `angular` ranks by 2 − 2cos, `dot` by −⟨a, b⟩, `hamming` by differing bits of packed words.
enum class Distance { angular, euclidean, manhattan, dot, hamming };

/// Annoy reserves this many numbers for a vector in its node type; longer ones would be written behind it.
constexpr size_t maxWords = 65536;

struct NodeLayout {
  Distance distance;
  /// Coordinates of a vector: numbers, or bits.
  size_t dimensions;
  /// Elements of the vector in a node: floats, or words of 64 bits.
  size_t words;
  /// Offset of the int32 numbers of children.
  size_t children;
  /// Offset of the constant of a split's hyperplane (euclidean, manhattan), or of the extra coordinate (dot); 0: there is none.
  size_t offset;
  /// Offset of the vector.
  size_t vector;
  /// Bytes a node.
  size_t bytes;
  /// Most items that a leaf lists.
  int32_t capacity;

  constexpr NodeLayout(Distance which, size_t coordinates)
      : distance(which),
        dimensions(coordinates),
        words(which == Distance::hamming ? (coordinates + 63) / 64 : coordinates),
        children(hasPlane(which) ? 8 : 4),
        offset(hasPlane(which) ? 4 : which == Distance::dot ? 12 : 0),
        vector(which == Distance::angular ? 12 : 16),
        bytes(vector + words * (which == Distance::hamming ? sizeof(uint64_t) : sizeof(float))),
        capacity(static_cast<int32_t>((bytes - children) / sizeof(int32_t))) {}

 private:
  static constexpr bool hasPlane(Distance which) { return which == Distance::euclidean || which == Distance::manhattan; }
};

/// One node, read where it lies.
struct Node {
  const uint8_t* at;
  const NodeLayout* layout;

  int32_t descendants() const { return *reinterpret_cast<const int32_t*>(at); }
  const int32_t* children() const { return reinterpret_cast<const int32_t*>(at + layout->children); }
  const float* vector() const { return reinterpret_cast<const float*>(at + layout->vector); }
  const uint64_t* bits() const { return reinterpret_cast<const uint64_t*>(at + layout->vector); }
  float number(size_t byteOffset) const { return *reinterpret_cast<const float*>(at + byteOffset); }
};

}  // namespace cbir::annoy
