// The kernels of the scan, one table per instruction set: sums over coordinates of many rows at once, and what they leave of the rows.
#pragma once
#include <cbir/cpu.h>
#include <cbir/metric.h>

#include <cstddef>
#include <cstdint>

#include "codes.h"

namespace cbir::flat {

// Rows of a block that a kernel goes through: `first + places[i] · stride`, i < count. `together`: the places follow each other without a gap. The
// processor then foresees what is read next better than we do (asking for it costs a tenth of the speed); else the kernel says what comes.
struct Places {
  const uint32_t* places;
  size_t count;
  bool together;
};

// Queries that one pass over the rows serves.
constexpr size_t queriesPerPass = 4;

// Rows that are summed before they are compared; a multiple of every vector's width.
constexpr size_t rowsPerStep = 64;

// out[i]: the sum of the query with row places[i]. `stride` is a multiple of 16, and query and rows are 0 from their last dimension to there.
using SumsKernel = void (*)(const float* rows, size_t stride, Places places, const float* query, float* out);
// The same of queriesPerPass queries, each `stride` after the one before, into rows of rowsPerStep floats of `out`.
using SumsOfSeveralKernel = void (*)(const float* rows, size_t stride, Places places, const float* queries, float* out);

// What a tile hands over: rows `row + lane` for the lanes in `lanes`, whose v stand in `values`.
struct TileSink {
  void (*keep)(void* self, size_t query, size_t row, const float* values, uint32_t lanes);
  void* self;
};

struct ScanKernels {
  Isa isa;
  SumsKernel sums[5];                    // by CoordinateSum
  SumsOfSeveralKernel sumsOfSeveral[5];

  // Sums with codes: unit · Σ q·c and Σ q·c; Σ|q − (scale·c + offset)| and Σ|q − c|, over all `stride` numbers.
  void (*byteProducts)(const uint8_t* rows, size_t stride, Places places, const int16_t* query, float unit, float* out);
  void (*halfProducts)(const uint16_t* rows, size_t stride, Places places, const float* query, float* out);
  void (*byteDifferences)(const uint8_t* rows, size_t stride, Places places, const float* scale, const float* offset,
                          const float* query, float* out);
  void (*halfDifferences)(const uint16_t* rows, size_t stride, Places places, const float* query, float* out);

  // Which of `count` values are not above the bound: their places in `which`; gives how many. NaN is never above.
  size_t (*select)(const float* values, size_t count, float bound, uint32_t* which);
  // values[i] = multiply[i] · values[i] + scale · add[i].
  void (*applyTerms)(float* values, size_t count, const float* multiply, const float* add, float scale);
  // From products to lower bounds of distances, and of negative products: see codes.h.
  void (*codedDistances)(float* values, size_t count, const CodedQuery& query, const float* scale, const float* offset,
                         const float* level, const float* residual);
  void (*codedProducts)(float* values, size_t count, const CodedQuery& query, const float* scale, const float* offset,
                        const float* level, const float* residual);

  // The product of two matrices in tiles of `tileQueries` × `tileRows`.
  size_t tileQueries;
  size_t tileRows;
  // Packs up to tileRows rows into a panel: numbers j of all rows stand together. Missing rows are zeros.
  void (*packRows)(const float* rows, size_t stride, const uint32_t* places, size_t count, size_t n, float* panel);
  // Multiplies packed queries (panels of tileQueries, number j of all together) with panels of rows; hands over every row whose
  // v = multiply · product + scale · add is not above its query's bound. `rows`: rows in the panels.
  void (*tiles)(const float* packedQueries, size_t queries, size_t n, const float* panels, size_t rows, const float* multiply,
                const float* add, const float* scales, const float* bounds, const TileSink& sink);
};

// Throws Error NOT_USABLE where this CPU has not got the set.
const ScanKernels& scanKernels(Isa isa);

}  // namespace cbir::flat
