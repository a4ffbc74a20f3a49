// Hashing by a projection, 12 rows at a time.
#include "projection.h"

#include <algorithm>
#include <cmath>

namespace cbir::lsh {

namespace {

constexpr size_t rowsAtOnce = 12;

}  // namespace

Projection::Projection(size_t dimensions, size_t bits, const float* matrix, const double* thresholds, Norm norm,
                       const FunctorKernels& kernels)
    : dimensions_(dimensions),
      bits_(bits),
      width_((bits + panelColumns - 1) / panelColumns * panelColumns),
      norm_(norm),
      kernels_(kernels),
      matrix_(dimensions * width_),
      thresholds_(thresholds, thresholds + bits) {
  for (size_t i = 0; i < dimensions; i++) {
    for (size_t j = 0; j < bits; j++) matrix_[panelPlace(dimensions, i, j)] = static_cast<double>(matrix[i * bits + j]);
  }
}

// The sums run over every fourth number, as in TypeScript, so that both round alike.
double Projection::scaleOf(const float* row) const {
  if (norm_ == Norm::none) return 1;
  double sums[4] = {};
  for (size_t i = 0; i < dimensions_; i++) {
    const double x = row[i];
    sums[i % 4] += norm_ == Norm::l1 ? std::fabs(x) : x * x;
  }
  const double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  const double norm = norm_ == Norm::l1 ? sum : std::sqrt(sum);
  return norm > 0 ? 1 / norm : 1;
}

void Projection::hash(const float* rows, size_t count, uint8_t* codes) const {
  double z[rowsAtOnce * maxBits];
  for (size_t first = 0; first < count; first += rowsAtOnce) {
    const size_t here = std::min(rowsAtOnce, count - first);
    kernels_.project(rows + first * dimensions_, here, dimensions_, matrix_.data(), width_, z);
    for (size_t r = 0; r < here; r++) {
      const double scale = scaleOf(rows + (first + r) * dimensions_);
      uint8_t* code = codes + (first + r) * stride();
      std::fill_n(code, stride(), uint8_t{0});
      for (size_t j = 0; j < bits_; j++) {
        code[j >> 3] =
            static_cast<uint8_t>(code[j >> 3] | (scale * z[r * width_ + j] >= thresholds_[j] ? 1u : 0u) << (j & 7));
      }
    }
  }
}

}  // namespace cbir::lsh
