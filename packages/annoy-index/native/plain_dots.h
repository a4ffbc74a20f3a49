// Dot products of eight vectors with one, each summed as Annoy sums it without SIMD: in float, one product after the other. A sum alone would wait
// for every addition; eight of them side by side keep the processor busy, and give the same bits.
#pragma once

#include <cstddef>

namespace cbir::annoy {

constexpr size_t dotsAtOnce = 8;

inline void plainDots(const float* one, const float* const* vectors, size_t n, float* sums) {
  float s[dotsAtOnce] = {};
  for (size_t z = 0; z < n; z++) {
    const float x = one[z];
    for (size_t r = 0; r < dotsAtOnce; r++) s[r] += x * vectors[r][z];
  }
  for (size_t r = 0; r < dotsAtOnce; r++) sums[r] = s[r];
}

}  // namespace cbir::annoy
