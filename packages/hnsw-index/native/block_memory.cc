// BlockMemory: see block_memory.h.
#include "block_memory.h"

#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cbir::hnsw {

namespace {
constexpr size_t hugePage = size_t{2} << 20;
constexpr size_t cacheLine = 64;
std::align_val_t alignmentOf(size_t bytes) { return std::align_val_t{bytes >= 2 * hugePage ? hugePage : cacheLine}; }
}  // namespace

BlockMemory::BlockMemory(size_t bytes) : bytes_(bytes) {
  if (bytes == 0) return;
  data_ = static_cast<char*>(::operator new(bytes, alignmentOf(bytes)));
#if defined(__linux__)
  if (bytes >= 2 * hugePage) madvise(data_, bytes, MADV_HUGEPAGE);  // a hint: without it all works, on small pages
#endif
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
