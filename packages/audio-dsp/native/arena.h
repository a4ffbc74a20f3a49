// Arena: memory that is handed out piece by piece and given back as a whole, so that the engine needs no allocator (WebAssembly has none).
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace cbir::dsp {

// Over no memory it only counts: what is built twice, first over none, says how much it takes.
class Arena {
 public:
  explicit Arena(void* memory) : memory_(static_cast<char*>(memory)) {}

  // `count` elements at an address that is a multiple of 64 where the memory begins at one; null where there is no memory.
  template <class T>
  T* take(size_t count) {
    const size_t at = used_;
    used_ += (count * sizeof(T) + 63) / 64 * 64;
    return memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + at);
  }
  size_t used() const { return used_; }
  bool counts() const { return memory_ == nullptr; }

 private:
  char* memory_;
  size_t used_ = 0;
};

}  // namespace cbir::dsp
