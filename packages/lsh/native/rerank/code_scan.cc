// Code scan: see code_scan.h.
#include "code_scan.h"

#include <cbir/kernels.h>

namespace cbir::lsh {

namespace {
constexpr uint16_t notAllowed = 0xffff;
}

size_t closestCodes(const Codes& codes, const uint64_t* query, size_t limit, const Bitmap* allow, CodeScratch& scratch,
                    uint32_t* rows, float* differing) {
  const auto hamming = kernels().hammingBits;
  scratch.differing.resize(codes.rows);
  // counts[d + 1]: rows at the distance d; then where the next of them goes.
  scratch.counts.assign(64 * codes.words + 2, 0);
  for (size_t row = 0; row < codes.rows; row++) {
    const bool allowed = allow == nullptr || allow->has(row);
    const uint32_t d = allowed ? hamming(query, codes.at(row), codes.words) : notAllowed;
    scratch.differing[row] = static_cast<uint16_t>(d);
    if (allowed) scratch.counts[d + 1]++;
  }
  size_t found = 0;
  uint32_t last = 0;  // no row beyond this distance is wanted
  for (uint32_t d = 0; d + 1 < scratch.counts.size(); d++) {
    const size_t here = scratch.counts[d + 1];
    scratch.counts[d + 1] += scratch.counts[d];
    if (found < limit) last = d;
    found += here;
  }
  for (size_t row = 0; row < codes.rows; row++) {
    const uint16_t d = scratch.differing[row];
    if (d > last || d == notAllowed) continue;
    const size_t at = scratch.counts[d]++;
    if (at >= limit) continue;
    rows[at] = static_cast<uint32_t>(row);
    differing[at] = d;
  }
  return found < limit ? found : limit;
}

void countByDistance(const Codes& codes, const uint64_t* query, uint32_t* counts) {
  const auto hamming = kernels().hammingBits;
  for (size_t row = 0; row < codes.rows; row++) counts[hamming(query, codes.at(row), codes.words)]++;
}

}  // namespace cbir::lsh
