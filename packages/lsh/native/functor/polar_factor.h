// The orthogonal factor of a square matrix's polar decomposition: the orthogonal matrix that is closest to it
// (Procrustes).
#pragma once
#include <cstddef>
#include <vector>

#include <cbir/task.h>

#include "functor_kernels.h"

namespace cbir::lsh {

// The factor W · Uᵀ of M = W · S · Uᵀ, accurate to the last digits however ill-conditioned M is; where it is singular,
// W is completed to an orthogonal matrix. U are the eigenvectors of Mᵀ · M, which squares M's condition, so what is
// left of it is mended by one-sided Jacobi rotations (Hestenes 1958): they make the columns of M · U orthogonal, most
// often in one sweep. `transposed`: Mᵀ, n × n, row-major. @throws Aborted
std::vector<double> polarFactor(const std::vector<double>& transposed, size_t n, const FunctorKernels& kernels,
                                Task& task);

}  // namespace cbir::lsh
