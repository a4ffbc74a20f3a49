// The linear scan: see linear_scan.h.
#include "linear_scan.h"

#include <algorithm>

namespace cbir::lsh {

namespace {
// While nothing is known all rows are kept: a few first, so that the limit soon says something.
constexpr size_t fewRows = 64;
}  // namespace

void scanRows(const CodeRows& rows, const HammingKernels& kernels, const uint64_t* query, size_t from, size_t to,
              Closest& closest) {
  uint32_t places[kMostRows];
  uint32_t distances[kMostRows];
  size_t step = closest.full() ? kMostRows : fewRows;
  while (from < to) {
    const size_t blockEnd = (from / rows.rowsPerBlock() + 1) * rows.rowsPerBlock();
    const size_t n = std::min({step, to - from, blockEnd - from});
    const size_t found = kernels.closer(rows.code(from), rows.words(), n, query, closest.limit(), places, distances);
    for (size_t i = 0; i < found; i++) {
      const size_t row = from + places[i];
      if (distances[i] < closest.limit() && rows.isLive(row)) closest.add(static_cast<uint32_t>(row), distances[i]);
    }
    from += n;
    step = std::min(2 * step, kMostRows);
  }
}

}  // namespace cbir::lsh
