// Items of a forest: how vectors become nodes and come back.
#include "forest.h"

#include <cstring>

#include <cbir/error.h>

#include "plain_norm.h"

namespace cbir::annoy {

namespace {

/// Annoy numbers nodes with int32.
constexpr size_t maxNodes = INT32_MAX;

}  // namespace

Forest::Forest(Distance distance, size_t dimensions) : layout_(distance, dimensions) {
  if (dimensions == 0) throw Error("INVALID_ARGUMENT", "An Annoy index needs at least one dimension.");
  if (layout_.words > maxWords) {
    throw Error("NOT_SUPPORTED", "A node of Annoy has room for " + std::to_string(maxWords) + " numbers, and the vectors have " +
                                     std::to_string(layout_.words) + ". Reduce their dimensions first.");
  }
}

size_t Forest::bytes() const {
  return (itemMemory_.isMapped() ? 0 : itemMemory_.capacity()) + treeMemory_.capacity();
}

void Forest::reserveItems(size_t items) {
  if (items > maxNodes) {
    throw Error("NOT_SUPPORTED", "Annoy numbers at most " + std::to_string(maxNodes) + " nodes; " + std::to_string(items) + " items are too many.");
  }
  itemMemory_.grow(items * layout_.bytes);
}

void Forest::checkVector(const float* vector) const {
  if (layout_.distance != Distance::hamming) return;
  for (size_t j = 0; j < layout_.dimensions; j++) {
    if (vector[j] == 0.0f || vector[j] == 1.0f) continue;
    throw Error("INVALID_ARGUMENT", "Annoy's hamming compares bits, so every coordinate must be 0 or 1; coordinate " + std::to_string(j) + " is " +
                                        std::to_string(vector[j]) + ". Threshold the vectors first, or use flat-index.");
  }
}

void Forest::pack(const float* vector, uint64_t* bits) const {
  checkVector(vector);
  for (size_t word = 0; word < layout_.words; word++) {
    uint64_t packed = 0;
    for (size_t j = word * 64; j < layout_.dimensions && j < word * 64 + 64; j++) packed |= static_cast<uint64_t>(vector[j] != 0.0f) << (j % 64);
    bits[word] = packed;
  }
}

void Forest::writeItem(uint32_t item, const float* vector) {
  uint8_t* at = itemMemory_.data() + item * layout_.bytes;
  std::memset(at, 0, layout_.vector);
  *reinterpret_cast<int32_t*>(at) = 1;
  if (layout_.distance == Distance::hamming) {
    pack(vector, reinterpret_cast<uint64_t*>(at + layout_.vector));
    return;
  }
  std::memcpy(at + layout_.vector, vector, layout_.words * sizeof(float));
  if (layout_.distance == Distance::angular) *reinterpret_cast<float*>(at + layout_.children) = plainSquaredNorm(vector, layout_.words);
}

void Forest::append(const float* vectors, size_t count) {
  for (size_t i = 0; i < count; i++) checkVector(vectors + i * layout_.dimensions);
  reserveItems(items_ + count);
  for (size_t i = 0; i < count; i++) writeItem(static_cast<uint32_t>(items_ + i), vectors + i * layout_.dimensions);
  items_ += static_cast<uint32_t>(count);
}

void Forest::put(uint32_t item, const float* vector) {
  checkVector(vector);
  reserveItems(static_cast<size_t>(item) + 1);
  writeItem(item, vector);
  if (item >= items_) items_ = item + 1;
}

void Forest::read(uint32_t item, float* vector) const {
  const Node from = node(item);
  if (layout_.distance != Distance::hamming) {
    std::memcpy(vector, from.vector(), layout_.words * sizeof(float));
    return;
  }
  for (size_t j = 0; j < layout_.dimensions; j++) vector[j] = static_cast<float>((from.bits()[j / 64] >> (j % 64)) & 1);
}

void Forest::unplant() {
  treeMemory_ = NodeMemory();
  trees_ = nullptr;
  treeNodes_ = 0;
  roots_.clear();
}

}  // namespace cbir::annoy
