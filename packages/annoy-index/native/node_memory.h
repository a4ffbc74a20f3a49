// NodeMemory: the bytes that nodes lie in: memory that grows and is zero where nothing was written, or a file mapped for reading.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace cbir::annoy {

class NodeMemory {
 public:
  NodeMemory() = default;
  NodeMemory(NodeMemory&& other) noexcept;
  NodeMemory& operator=(NodeMemory&& other) noexcept;
  NodeMemory(const NodeMemory&) = delete;
  NodeMemory& operator=(const NodeMemory&) = delete;
  ~NodeMemory();

  /// The whole of a file, for reading, without a copy. The file must never be written to again; it may be unlinked. @throws Error IO_FAILED
  static NodeMemory mapped(const std::string& path, size_t bytes);

  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  /// Bytes that can be used.
  size_t capacity() const { return capacity_; }
  bool isMapped() const { return mapped_; }

  /// Makes room for `bytes`, more than asked for where that spares the next growth. Addresses change. Where there is no memory, nothing changes.
  /// @throws std::bad_alloc
  void grow(size_t bytes);

 private:
  void release() noexcept;

  uint8_t* data_ = nullptr;
  size_t capacity_ = 0;
  bool mapped_ = false;
};

}  // namespace cbir::annoy
