// The orthogonal factor of a square matrix's polar decomposition: the orthogonal matrix that is closest to it (Procrustes).
#pragma once
#include <cstddef>
#include <vector>

#include <cbir/task.h>

#include "functor_kernels.h"

namespace cbir::lsh {

// By one-sided Jacobi rotations (Hestenes 1958): the columns of M · U are made orthogonal, then M = W · S · Uᵀ and the factor is W · Uᵀ. Accurate to
// the last digits however ill-conditioned M is; where it is singular, W is completed to an orthogonal matrix.
// Each call begins with the U of the one before, so a sequence of matrices that change little costs little.
class PolarFactor {
 public:
  PolarFactor(size_t n, const FunctorKernels& kernels);
  // `transposed`: Mᵀ, n × n, row-major; factor: the same shape. @throws Aborted
  void of(const double* transposed, double* factor, Task& task);

 private:
  bool sweep(Task& task);
  bool makeOrthogonal(size_t p, size_t q);
  void complete(double floor);

  size_t n_;
  const FunctorKernels& kernels_;
  // Row k: column k of M · U, of U; the square of the former's length.
  std::vector<double> images_;
  std::vector<double> vectors_;
  std::vector<double> lengths_;
  // Who meets whom in a round of the tournament that every pair of columns plays.
  std::vector<size_t> seats_;
};

}  // namespace cbir::lsh
