// The squared norm as Annoy sums it without SIMD: one float after the other. What it stores in a node must be the same bits.
#pragma once

#include <cstddef>

namespace cbir::annoy {

inline float plainSquaredNorm(const float* vector, size_t n) {
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += vector[i] * vector[i];
  return sum;
}

}  // namespace cbir::annoy
