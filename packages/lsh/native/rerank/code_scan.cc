// Code scan: see code_scan.h.
#include "code_scan.h"

#include <algorithm>

#include <cbir/kernels.h>

#include "../hamming/hamming_kernels.h"
#include "../hamming/offer_codes.h"

namespace cbir::lsh {

size_t closestCodes(const Codes& codes, const uint64_t* query, size_t limit, const Bitmap* allow, Closest& closest,
                    uint32_t* rows, float* distances) {
  const size_t k = std::min(limit, codes.rows);
  if (k == 0) return 0;
  closest.start(k, codes.bits(), true);
  if (allow == nullptr) {
    const auto any = [](size_t) { return true; };
    offerCodes(codes.at(0), codes.words, 0, codes.rows, hammingKernels(), query, any, closest);
  } else {
    // One by one: a filter that comes here lets few rows pass, and the codes between them are not worth reading.
    const auto differing = kernels().hammingBits;
    for (size_t row = 0; row < codes.rows; row++) {
      if (!allow->has(row)) continue;
      const uint32_t d = differing(query, codes.at(row), codes.words);
      if (d < closest.limit()) closest.add(static_cast<uint32_t>(row), d);
    }
  }
  return closest.write(rows, distances);
}

void countByDistance(const Codes& codes, const uint64_t* query, uint32_t* counts) {
  const uint32_t all = static_cast<uint32_t>(codes.bits()) + 1;
  uint32_t places[kMostRows];
  uint32_t distances[kMostRows];
  for (size_t row = 0; row < codes.rows; row += kMostRows) {
    const size_t n = std::min(kMostRows, codes.rows - row);
    hammingKernels().closer(codes.at(row), codes.words, n, query, all, places, distances);
    for (size_t i = 0; i < n; i++) counts[distances[i]]++;
  }
}

}  // namespace cbir::lsh
