// Codes that stand one behind the other, offered to the closest: the loop of every scan.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "closest.h"
#include "hamming_kernels.h"

namespace cbir::lsh {

/// Offers `count` codes, the first of them that of the row `first`, to `closest`, which was started for ascending rows
/// or any. `wanted(row)` is asked only for those that are close enough.
template <class Wanted>
void offerCodes(const uint64_t* codes, size_t words, size_t first, size_t count, const HammingKernels& kernels,
                const uint64_t* query, const Wanted& wanted, Closest& closest) {
  // While nothing is known all rows are kept: a few first, so that the limit soon says something.
  constexpr size_t fewRows = 64;
  uint32_t places[kMostRows];
  uint32_t distances[kMostRows];
  size_t step = closest.full() ? kMostRows : fewRows;
  for (size_t from = 0; from < count;) {
    const size_t n = std::min(step, count - from);
    const size_t found = kernels.closer(codes + from * words, words, n, query, closest.limit(), places, distances);
    for (size_t i = 0; i < found; i++) {
      const size_t row = first + from + places[i];
      if (distances[i] < closest.limit() && wanted(row)) closest.add(static_cast<uint32_t>(row), distances[i]);
    }
    from += n;
    step = std::min(2 * step, kMostRows);
  }
}

}  // namespace cbir::lsh
