// A set of rows as bits: row r is byte r >> 3, mask 1 << (r & 7), as core's filters give it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace cbir {

struct Bitmap {
  const uint8_t* bits = nullptr;
  size_t rows = 0;  // how many rows the bytes hold: their number times 8; no row from there on is in the set

  bool has(size_t row) const { return row < rows && ((bits[row >> 3] >> (row & 7)) & 1) != 0; }
};

}  // namespace cbir
