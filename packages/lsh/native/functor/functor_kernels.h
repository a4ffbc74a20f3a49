// The kernels of training and hashing, one table per instruction set.
#pragma once
#include <cbir/cpu.h>

#include <cstddef>
#include <cstdint>

namespace cbir::lsh {

// Rows of ITQ's data that are rotated and summed at a time: 8 tiles of 6 rows, or 12 groups of 4.
constexpr size_t blockRows = 48;
// Bits are padded to a multiple of this: whole vectors of every instruction set, two at a time.
constexpr size_t bitPadding = 32;
// Rows whose sums by sign are made together: of 4 rows there are 16 subsets.
constexpr size_t groupRows = 4;
// Floats of the table of subset sums: for each group, each subset, one chunk of columns.
constexpr size_t tableFloats = blockRows / groupRows * 16 * bitPadding;

// Columns of a matrix that stand together in a panel of a projection; widths are padded to a multiple of it.
constexpr size_t panelColumns = 16;
// Where number j of row i stands in a matrix of n rows in panels.
inline size_t panelPlace(size_t n, size_t i, size_t j) {
  return (j / panelColumns * n + i) * panelColumns + j % panelColumns;
}

struct FunctorKernels {
  Isa isa;

  // One block of ITQ. `rows`: blockRows rows of `width` floats (a multiple of bitPadding); those past the data are
  // zeros. rotation (width × width, row-major) in the order in which `signs` reads it.
  void (*packRotation)(const float* rotation, size_t width, float* packed);
  // Bit j of row r of `positive` (width / 8 bytes a row): whether (rows · rotation)[r][j] ≥ 0.
  void (*signs)(const float* rows, size_t width, const float* packed, uint8_t* positive);
  // sums[j] += the sum of the rows whose bit j is set; width × width. `table`: tableFloats, `choice`: blockRows /
  // groupRows · width bytes.
  void (*addBySign)(const float* rows, size_t width, const uint8_t* positive, float* table, uint8_t* choice,
                    float* sums);

  // z[r][j] = Σ_i rows[r][i] · matrix[i][j] in double precision. Both factors are float32, so every product is exact
  // and the sum, made in the order of i, is the same on every machine. `rows`: count rows of n; `panels`: the matrix,
  // see panelPlace; z: count rows of `width`.
  void (*project)(const float* rows, size_t count, size_t n, const double* panels, size_t width, double* z);

  // out[r][c] += Σ_k a[r · aRow + k · aStep] · b[k · bRow + c], r < rows, c < columns.
  void (*multiplyAdd)(const double* a, size_t aRow, size_t aStep, const double* b, size_t bRow, size_t k, double* out,
                      size_t outRow, size_t rows, size_t columns);
  double (*dot)(const double* x, const double* y, size_t n);
  // x, y ← c·x − s·y, s·x + c·y
  void (*rotate)(double* x, double* y, size_t n, double c, double s);
  // y += a·x, and gives x · u.
  double (*addAndDot)(const double* x, double a, double* y, const double* u, size_t n);
  // x −= a·u + b·v
  void (*subtractTwo)(double* x, double a, const double* u, double b, const double* v, size_t n);
};

// Throws Error NOT_USABLE where this CPU has not got the set.
const FunctorKernels& functorKernels(Isa isa);

}  // namespace cbir::lsh
