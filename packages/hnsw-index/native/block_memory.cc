// BlockMemory: see block_memory.h.
#include "block_memory.h"

#include <new>
#include <utility>

#include <cbir/huge_pages.h>

namespace cbir::hnsw {

namespace {
constexpr size_t cacheLine = 64;
std::align_val_t alignmentOf(size_t bytes) { return std::align_val_t{bytes >= 2 * kHugePage ? kHugePage : cacheLine}; }
}  // namespace

BlockMemory::BlockMemory(size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  data_ = static_cast<char*>(::operator new(bytes, alignmentOf(bytes)));
  wantHugePages(data_, bytes);
}

BlockMemory::~BlockMemory() {
  if (data_ != nullptr) ::operator delete(data_, alignmentOf(bytes_));
}

BlockMemory::BlockMemory(BlockMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

BlockMemory& BlockMemory::operator=(BlockMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace cbir::hnsw
