// The linear scan: see linear_scan.h.
#include "linear_scan.h"

#include <algorithm>

#include "../hamming/offer_codes.h"

namespace cbir::lsh {

void scanRows(const CodeRows& rows, const HammingKernels& kernels, const uint64_t* query, size_t from, size_t to,
              Closest& closest) {
  const auto live = [&](size_t row) { return rows.isLive(row); };
  while (from < to) {
    const size_t blockEnd = (from / rows.rowsPerBlock() + 1) * rows.rowsPerBlock();
    const size_t end = std::min(to, blockEnd);
    offerCodes(rows.code(from), rows.words(), from, end - from, kernels, query, live, closest);
    from = end;
  }
}

}  // namespace cbir::lsh
