// BlockMemory: one large piece of memory, aligned to cache lines, on huge pages where the system has them: a search touches a thousand places in it.
#pragma once

#include <cstddef>

namespace cbir::hnsw {

class BlockMemory {
 public:
  BlockMemory() = default;
  /// Zeroed is only what the system gives so: do not count on it. @throws std::bad_alloc
  explicit BlockMemory(size_t bytes);
  ~BlockMemory();
  BlockMemory(BlockMemory&& other) noexcept;
  BlockMemory& operator=(BlockMemory&& other) noexcept;
  BlockMemory(const BlockMemory&) = delete;
  BlockMemory& operator=(const BlockMemory&) = delete;

  char* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  char* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace cbir::hnsw
