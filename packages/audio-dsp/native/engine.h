// Engine: transforms on any thread, over the kernels of one instruction set. Plans of usual lengths are kept.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include <cbir/cpu.h>

#include "dsp_kernels.h"

namespace cbir::dsp {

// Throws Error NOT_USABLE where this CPU has not got the set.
const Kernels& kernels(Isa isa);

template <class T>
const Transforms<T>& transformsOf(const Kernels& kernels);

// Memory at a multiple of 64.
class Aligned {
 public:
  explicit Aligned(size_t bytes) : memory_(::operator new(bytes, std::align_val_t{64})) {}
  ~Aligned() { ::operator delete(memory_, std::align_val_t{64}); }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  void* data() const { return memory_; }

 private:
  void* memory_;
};

// A plan that is made when it is first asked for, on the thread that asks: that takes long for long transforms.
template <class T>
class SharedPlan {
 public:
  SharedPlan(const Kernels& kernels, size_t n) : kernels_(kernels), n_(n) {}
  const Plan<T>& get();
  size_t n() const { return n_; }
  const Transforms<T>& transforms() const { return transformsOf<T>(kernels_); }

 private:
  const Kernels& kernels_;
  const size_t n_;
  std::once_flag made_;
  std::unique_ptr<Aligned> memory_;
  Plan<T>* plan_ = nullptr;
};

// The plan of a length, which calls at the same time share. Throws Error INVALID_ARGUMENT for a length that is none.
template <class T>
std::shared_ptr<SharedPlan<T>> planOf(Isa isa, size_t n);

// What each worker of a call works in, made at its first range.
class Scratch {
 public:
  explicit Scratch(size_t workers) : of_(workers) {}
  void* of(unsigned worker, size_t bytes);

 private:
  std::vector<std::unique_ptr<Aligned>> of_;
};

}  // namespace cbir::dsp
