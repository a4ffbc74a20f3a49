// Code scan: rows by the Hamming distance of their codes, over the codes that the LSH index keeps by row.
#pragma once

#include <cstddef>
#include <cstdint>

#include <cbir/bitmap.h>

#include "../hamming/closest.h"

namespace cbir::lsh {

/// Codes of equal length one behind the other, by row.
struct Codes {
  const uint8_t* data;
  size_t words;  // 64-bit words a code
  size_t rows;

  size_t bits() const { return 64 * words; }
  const uint64_t* at(size_t row) const { return reinterpret_cast<const uint64_t*>(data) + row * words; }
};

/// Writes the `limit` closest of the allowed rows (null: of all), closest first, ties by row, and the share of the bits
/// in which they differ; gives how many. `closest`: memory, for tens of queries taken once.
size_t closestCodes(const Codes& codes, const uint64_t* query, size_t limit, const Bitmap* allow, Closest& closest,
                    uint32_t* rows, float* distances);

/// Counts the rows at each distance 0 … 64 · words.
void countByDistance(const Codes& codes, const uint64_t* query, uint32_t* counts);

}  // namespace cbir::lsh
