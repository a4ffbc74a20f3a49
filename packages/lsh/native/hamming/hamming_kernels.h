// Kernels over packed codes: how many bits differ, and which rows differ in few.
#pragma once

#include <cstddef>
#include <cstdint>

#include <cbir/cpu.h>

namespace cbir::lsh {

/// Rows that one call of `closer` looks at, at most.
constexpr size_t kMostRows = 2048;

struct HammingKernels {
  Isa isa;
  /// The bits in which two codes differ.
  uint32_t (*distance)(const uint64_t* a, const uint64_t* b, size_t words);
  /// The same of `count` codes that stand here and there.
  void (*distances)(const uint64_t* const* codes, size_t count, const uint64_t* query, size_t words, uint32_t* out);
  /// Which of `rows` codes, one behind the other, differ from the query in fewer than `limit` bits: their places,
  /// ascending, and their distances. Gives how many. Asks for the memory behind the codes before it is needed, so calls
  /// should follow it.
  size_t (*closer)(const uint64_t* codes, size_t words, size_t rows, const uint64_t* query, uint32_t limit,
                   uint32_t* places, uint32_t* distances);
  /// Of `count` entries, a print of 32 bits above and a row below: the rows whose print differs from the given one in
  /// fewer than `limit` bits, in their order. Gives how many; `rows` has room for `count`.
  size_t (*filter)(const uint64_t* entries, size_t count, uint32_t print, uint32_t limit, uint32_t* rows);
};

/// The table of the chosen set.
const HammingKernels& hammingKernels();

/// Throws Error NOT_USABLE where this CPU has not got the set.
const HammingKernels& hammingKernels(Isa isa);

}  // namespace cbir::lsh
