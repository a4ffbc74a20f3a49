// Pages: zeroed memory for many rows, aligned to cache lines, that the system gives when it is first written to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include <cbir/huge_pages.h>

#if defined(__unix__) || defined(__APPLE__)
#define CBIR_HAS_MMAP 1
#include <sys/mman.h>
#else
#define CBIR_HAS_MMAP 0
#endif

namespace cbir {

// Owned memory of `bytes` zeros. Throws std::bad_alloc.
class Pages {
 public:
  Pages() = default;

  explicit Pages(size_t bytes) : bytes_(bytes == 0 ? 1 : bytes) {
#if CBIR_HAS_MMAP
    const size_t extra = bytes_ >= kHugePage ? kHugePage : 0;
    void* got = mmap(nullptr, bytes_ + extra, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED) throw std::bad_alloc();
    mapped_ = static_cast<uint8_t*>(got);
    mappedBytes_ = bytes_ + extra;
    const size_t beyond = reinterpret_cast<uintptr_t>(mapped_) % kHugePage;
    data_ = extra != 0 && beyond != 0 ? mapped_ + (kHugePage - beyond) : mapped_;
#else
    data_ = static_cast<uint8_t*>(::operator new(bytes_, std::align_val_t(alignment)));
    std::memset(data_, 0, bytes_);
#endif
  }

  ~Pages() { release(); }
  Pages(Pages&& other) noexcept { swap(other); }
  Pages& operator=(Pages&& other) noexcept {
    swap(other);
    return *this;
  }
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  // Pages of 2 MB where the system has them, for what is not written to yet: they spare most address translations of a scan. The first byte of
  // each takes all of it.
  void makeHuge() { wantHugePages(data_, bytes_); }

  uint8_t* data() const { return data_; }
  size_t size() const { return bytes_; }

  static constexpr size_t alignment = 64;

 private:
  void swap(Pages& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    std::swap(mapped_, other.mapped_);
    std::swap(mappedBytes_, other.mappedBytes_);
  }
  void release() noexcept {
#if CBIR_HAS_MMAP
    if (mapped_ != nullptr) munmap(mapped_, mappedBytes_);
#else
    if (data_ != nullptr) ::operator delete(data_, std::align_val_t(alignment));
#endif
  }

  uint8_t* data_ = nullptr;
  size_t bytes_ = 0;
  uint8_t* mapped_ = nullptr;
  size_t mappedBytes_ = 0;
};

}  // namespace cbir
