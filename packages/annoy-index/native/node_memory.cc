// Memory of nodes: on Linux pages of its own, which grow by moving the mapping and not the bytes, and cost nothing until they are written to.
#include "node_memory.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#if defined(_WIN32)
#define CBIR_ANNOY_MAPS 0
#else
#define CBIR_ANNOY_MAPS 1
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include <cbir/error.h>

namespace cbir::annoy {

namespace {

[[noreturn]] void cannotRead(const std::string& path, int error) {
  throw Error("IO_FAILED", "Cannot read " + path + ": " + std::strerror(error) + ".");
}

}  // namespace

NodeMemory::NodeMemory(NodeMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), capacity_(std::exchange(other.capacity_, 0)), mapped_(std::exchange(other.mapped_, false)) {}

NodeMemory& NodeMemory::operator=(NodeMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(capacity_, other.capacity_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

NodeMemory::~NodeMemory() { release(); }

void NodeMemory::release() noexcept {
  if (data_ == nullptr) return;
#if defined(__linux__)
  munmap(data_, capacity_);
#else
#if CBIR_ANNOY_MAPS
  if (mapped_) {
    munmap(data_, capacity_);
    return;
  }
#endif
  std::free(data_);
#endif
}

void NodeMemory::grow(size_t bytes) {
  if (bytes <= capacity_) return;
  if (bytes > SIZE_MAX / 4) throw std::bad_alloc();
  const size_t wanted = std::max(bytes, capacity_ + capacity_ / 2);
#if defined(__linux__)
  const size_t page = 4096;
  const size_t rounded = (wanted + page - 1) / page * page;
  void* moved = data_ == nullptr ? mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                 : mremap(data_, capacity_, rounded, MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<uint8_t*>(moved);
  capacity_ = rounded;
#else
  void* fresh = std::calloc(wanted, 1);
  if (fresh == nullptr) throw std::bad_alloc();
  if (data_ != nullptr) std::memcpy(fresh, data_, capacity_);
  release();
  data_ = static_cast<uint8_t*>(fresh);
  capacity_ = wanted;
#endif
}

NodeMemory NodeMemory::mapped(const std::string& path, size_t bytes) {
  NodeMemory memory;
#if CBIR_ANNOY_MAPS
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) cannotRead(path, errno);
  struct stat facts;
  void* pages = MAP_FAILED;
  int error = 0;
  if (fstat(file, &facts) != 0) {
    error = errno;
  } else if (static_cast<size_t>(facts.st_size) != bytes) {
    error = EIO;
  } else {
    pages = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    if (pages == MAP_FAILED) error = errno;
  }
  close(file);
  if (error != 0) cannotRead(path, error);
  memory.data_ = static_cast<uint8_t*>(pages);
  memory.capacity_ = bytes;
  memory.mapped_ = true;
#else
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) cannotRead(path, errno);
  bool whole = false;
  try {
    memory.grow(bytes);
    whole = std::fread(memory.data_, 1, bytes, file) == bytes;
  } catch (...) {
    std::fclose(file);
    throw;
  }
  std::fclose(file);
  if (!whole) cannotRead(path, EIO);
#endif
  return memory;
}

}  // namespace cbir::annoy
