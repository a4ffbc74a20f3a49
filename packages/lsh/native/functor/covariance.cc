// Sums in an order that does not depend on the number of threads.
#include "covariance.h"

#include <algorithm>
#include <cmath>

namespace cbir::lsh {

namespace {

// Rows of the matrix that a range fills, and training rows that are centred at a time for it.
constexpr size_t band = 32;
constexpr size_t centredRows = 64;
// Multiplications of a range.
constexpr size_t rangeWork = size_t{1} << 24;

}  // namespace

Moments moments(const SampleRows& sample, Task& task) {
  const size_t n = sample.dimensions;
  Moments result{std::vector<double>(n), 1};
  float largest = 0;
  sample.pieces(0, sample.rows, [&](const float* rows, size_t count, size_t) {
    task.throwIfAborted();
    for (size_t r = 0; r < count; r++) {
      for (size_t i = 0; i < n; i++) {
        const float x = rows[r * n + i];
        result.mean[i] += static_cast<double>(x);
        largest = std::max(largest, std::fabs(x));
      }
    }
  });
  for (double& mean : result.mean) mean /= static_cast<double>(sample.rows);
  int exponent = 0;
  std::frexp(largest, &exponent);
  result.scale = largest > 0 ? std::ldexp(1.0, -exponent) : 1;
  return result;
}

std::vector<double> scatter(const SampleRows& sample, const Moments& moments, const FunctorKernels& kernels,
                            Task& task) {
  const size_t n = sample.dimensions;
  std::vector<double> sums(n * n);
  std::vector<std::vector<double>> centred(poolThreads(), std::vector<double>(centredRows * n));
  const size_t rowsAtOnce = std::max(centredRows, rangeWork / (band * n) / centredRows * centredRows);
  for (size_t first = 0; first < sample.rows; first += rowsAtOnce) {
    const size_t last = std::min(sample.rows, first + rowsAtOnce);
    task.parallel((n + band - 1) / band, 1, [&](size_t begin, size_t end, unsigned worker) {
      const size_t top = begin * band;
      const size_t height = std::min(n, end * band) - top;
      const size_t columns = top + height;
      double* x = centred[worker].data();
      for (size_t from = first; from < last; from += centredRows) {
        const size_t to = std::min(last, from + centredRows);
        sample.pieces(from, to, [&](const float* rows, size_t count, size_t row) {
          for (size_t r = 0; r < count; r++) {
            double* out = x + (row - from + r) * n;
            for (size_t i = 0; i < columns; i++)
              out[i] = (static_cast<double>(rows[r * n + i]) - moments.mean[i]) * moments.scale;
          }
        });
        kernels.multiplyAdd(x + top, 1, n, x, n, to - from, &sums[top * n], n, height, columns);
      }
    });
  }
  return sums;
}

}  // namespace cbir::lsh
