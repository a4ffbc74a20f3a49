// The linear scan: every row is looked at.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../hamming/closest.h"
#include "code_rows.h"
#include "../hamming/hamming_kernels.h"

namespace cbir::lsh {

/// Offers the rows `from … to - 1` that hold a code to `closest`, which was started for ascending rows or any.
void scanRows(const CodeRows& rows, const HammingKernels& kernels, const uint64_t* query, size_t from, size_t to,
              Closest& closest);

/// Nanoseconds that a row takes, about: what planning is done with.
inline double scanNanoseconds(size_t words) { return 0.05 + 0.24 * static_cast<double>(words); }

}  // namespace cbir::lsh
