// Iterative quantization: the rotation of the principal components whose signs lose least (Gong and Lazebnik, CVPR
// 2011).
#pragma once
#include <functional>
#include <vector>

#include <cbir/task.h>

#include "functor_kernels.h"
#include "sample_rows.h"

namespace cbir::lsh {

struct ItqSettings {
  size_t bits = 0;
  size_t iterations = 0;
  // bits × bits, row-major: the first rotation is its orthogonal factor.
  std::vector<double> start;
  // bits rows of dimensions: the basis, where it is given; else the eigenvectors of the largest eigenvalues of the
  // covariance.
  std::vector<double> basis;
};

struct ItqModel {
  // dimensions × bits and bits, for a Projection.
  std::vector<float> matrix;
  std::vector<double> thresholds;
  // [i]: ‖B − V·R‖² after i updates of the rotation; it never rises.
  std::vector<double> losses;
};

// Deterministic: neither the number of threads nor their turns change a bit of it. @throws Aborted
ItqModel trainItq(const SampleRows& sample, const ItqSettings& settings, const FunctorKernels& kernels, Task& task);

}  // namespace cbir::lsh
