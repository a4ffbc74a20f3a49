// Eigenvectors of a symmetric matrix.
#pragma once
#include <cstddef>
#include <vector>

#include <cbir/task.h>

#include "functor_kernels.h"

namespace cbir::lsh {

// The eigenvectors of the `wanted` largest eigenvalues, the largest first: wanted rows of n. Of each, the number that
// is largest in size is positive. `matrix` (n × n, row-major; its lower triangle counts) is used up. Householder's
// reduction to three diagonals, then the implicit QL method. @throws Aborted
std::vector<double> largestEigenvectors(std::vector<double>& matrix, size_t n, size_t wanted,
                                        const FunctorKernels& kernels, Task& task);

}  // namespace cbir::lsh
