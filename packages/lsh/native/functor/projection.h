// A trained projection: from vectors to bits. Bit j of a vector x is s · Σ_i x[i] · matrix[i][j] ≥ threshold[j], where
// s is 1 over its norm.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "functor_kernels.h"

namespace cbir::lsh {

constexpr size_t maxBits = 1024;

// What a vector is divided by first; a norm of zero counts as one.
enum class Norm { none, l1, l2 };

class Projection {
 public:
  // `matrix`: dimensions rows of `bits` floats; `thresholds`: bits.
  Projection(size_t dimensions, size_t bits, const float* matrix, const double* thresholds, Norm norm,
             const FunctorKernels& kernels);

  size_t dimensions() const { return dimensions_; }
  // Bytes of a code: whole words of 8.
  size_t stride() const { return (bits_ + 63) / 64 * 8; }
  size_t bytes() const { return (matrix_.size() + thresholds_.size()) * sizeof(double); }
  // The codes of `count` rows, `stride` bytes each. May run on many threads at once.
  void hash(const float* rows, size_t count, uint8_t* codes) const;

 private:
  double scaleOf(const float* row) const;

  size_t dimensions_;
  size_t bits_;
  size_t width_;
  Norm norm_;
  const FunctorKernels& kernels_;
  std::vector<double> matrix_;
  std::vector<double> thresholds_;
};

}  // namespace cbir::lsh
