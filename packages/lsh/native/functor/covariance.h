// Mean and covariance of the training rows, in double precision.
#pragma once
#include <vector>

#include <cbir/task.h>

#include "functor_kernels.h"
#include "sample_rows.h"

namespace cbir::lsh {

struct Moments {
  std::vector<double> mean;
  // A power of two that brings the numbers to at most 1, so that no square overflows.
  double scale;
};

// @throws Aborted
Moments moments(const SampleRows& sample, Task& task);
// Σ (x − mean)(x − mean)ᵀ · scale², not divided by the rows: dimensions × dimensions, of which the lower triangle is
// filled. @throws Aborted
std::vector<double> scatter(const SampleRows& sample, const Moments& moments, const FunctorKernels& kernels,
                            Task& task);

}  // namespace cbir::lsh
