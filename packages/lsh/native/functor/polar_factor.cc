// One-sided Jacobi rotations in the order of a tournament of blocks of columns: two blocks that meet stay in the cache
// while each column of one meets each of the other, and the pairs of blocks of a round share no column, so they can be
// played at once.
#include "polar_factor.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "symmetric_eigen.h"

namespace cbir::lsh {

namespace {

// Columns whose cosine is below this are not rotated; a sweep that has met none above the other is the last one.
constexpr double negligible = 1e-14;
constexpr double orthogonal = 1e-10;
// A column this much shorter than the longest is nothing but rounding.
constexpr double vanishing = 1e-13;
constexpr int mostSweeps = 60;
// From here on a round of the tournament is worth more than one thread.
constexpr size_t shared = 192;
constexpr size_t block = 16;

// The product of two n × n matrices; element (r, k) of the first is a[r · aRow + k · aStep].
std::vector<double> productOf(const std::vector<double>& a, size_t aRow, size_t aStep, const std::vector<double>& b,
                              size_t n, const FunctorKernels& kernels, Task& task) {
  std::vector<double> product(n * n);
  const auto multiply = [&](size_t begin, size_t end, unsigned) {
    const size_t first = begin * block;
    const size_t rows = std::min(end * block, n) - first;
    kernels.multiplyAdd(&a[first * aRow], aRow, aStep, b.data(), n, n, &product[first * n], n, rows, n);
  };
  const size_t blocks = (n + block - 1) / block;
  if (n < shared) {
    multiply(0, blocks, 0);
  } else {
    task.parallel(blocks, 2, multiply);
  }
  return product;
}

std::vector<double> transposedOf(const std::vector<double>& matrix, size_t n) {
  std::vector<double> result(n * n);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) result[j * n + i] = matrix[i * n + j];
  }
  return result;
}

// Makes the columns of M · U orthogonal.
class JacobiRotations {
 public:
  // Row k of both: column k of M · U, and of U.
  JacobiRotations(std::vector<double>& images, std::vector<double>& vectors, size_t n, const FunctorKernels& kernels)
      : n_(n),
        kernels_(kernels),
        images_(images),
        vectors_(vectors),
        lengths_(n),
        seats_((n + 2 * block - 1) / (2 * block) * 2) {}

  void run(Task& task) {
    for (int i = 0; i < mostSweeps && sweep(task) > orthogonal; i++) {
    }
    complete();
  }

 private:
  double sweep(Task& task);
  double meet(size_t blockA, size_t blockB);
  double makeOrthogonal(size_t p, size_t q);
  void complete();

  size_t n_;
  const FunctorKernels& kernels_;
  std::vector<double>& images_;
  std::vector<double>& vectors_;
  // The squares of the columns' lengths.
  std::vector<double> lengths_;
  // Which blocks of columns meet in a round of the tournament that every pair of them plays.
  std::vector<size_t> seats_;
};

// Every pair once. Gives the largest cosine that it met.
double JacobiRotations::sweep(Task& task) {
  for (size_t k = 0; k < n_; k++) lengths_[k] = kernels_.dot(&images_[k * n_], &images_[k * n_], n_);
  std::iota(seats_.begin(), seats_.end(), size_t{0});
  const size_t seats = seats_.size();
  std::vector<double> largest(seats / 2);
  for (size_t round = 1; round < seats; round++) {
    task.throwIfAborted();
    const auto play = [&](size_t begin, size_t end, unsigned) {
      for (size_t table = begin; table < end; table++) {
        const size_t a = std::min(seats_[table], seats_[seats - 1 - table]);
        const size_t b = std::max(seats_[table], seats_[seats - 1 - table]);
        double& most = largest[table];
        if (round == 1) most = std::max({most, meet(a, a), meet(b, b)});
        most = std::max(most, meet(a, b));
      }
    };
    if (n_ < shared) {
      play(0, seats / 2, 0);
    } else {
      task.parallel(seats / 2, 1, play);
    }
    std::rotate(seats_.begin() + 1, seats_.end() - 1, seats_.end());
  }
  return *std::max_element(largest.begin(), largest.end());
}

// Each column of one block with each of the other; of a block with itself, each pair once.
double JacobiRotations::meet(size_t blockA, size_t blockB) {
  double most = 0;
  const size_t endA = std::min(n_, (blockA + 1) * block);
  const size_t endB = std::min(n_, (blockB + 1) * block);
  for (size_t p = blockA * block; p < endA; p++) {
    for (size_t q = blockA == blockB ? p + 1 : blockB * block; q < endB; q++)
      most = std::max(most, makeOrthogonal(p, q));
  }
  return most;
}

// Rotates two columns so that they are orthogonal. Gives their cosine before; 0 where one of them is as good as
// nothing.
double JacobiRotations::makeOrthogonal(size_t p, size_t q) {
  double* x = &images_[p * n_];
  double* y = &images_[q * n_];
  const double lengthsProduct = std::sqrt(lengths_[p]) * std::sqrt(lengths_[q]);
  if (std::min(lengths_[p], lengths_[q]) <= vanishing * vanishing * std::max(lengths_[p], lengths_[q])) return 0;
  const double product = kernels_.dot(x, y, n_);
  const double cosineBefore = std::fabs(product) / lengthsProduct;
  if (!(cosineBefore > negligible)) return 0;
  const double zeta = (lengths_[q] - lengths_[p]) / (2 * product);
  const double tangent = std::copysign(1 / (std::fabs(zeta) + std::sqrt(1 + zeta * zeta)), zeta);
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  const double sine = cosine * tangent;
  kernels_.rotate(x, y, n_, cosine, sine);
  kernels_.rotate(&vectors_[p * n_], &vectors_[q * n_], n_, cosine, sine);
  lengths_[p] = std::max(0.0, lengths_[p] - tangent * product);
  lengths_[q] += tangent * product;
  return cosineBefore;
}

// Makes the columns unit vectors; those that have vanished become what completes the others to a basis: unit vectors of
// the space, made orthogonal to all that stand (twice, for accuracy). Of n − r such vectors one at least keeps 1/n of
// its square.
void JacobiRotations::complete() {
  const double floor = vanishing * vanishing * *std::max_element(lengths_.begin(), lengths_.end());
  std::vector<size_t> missing;
  std::vector<const double*> standing;
  for (size_t k = 0; k < n_; k++) {
    double* column = &images_[k * n_];
    const double length = std::sqrt(kernels_.dot(column, column, n_));
    if (!(length * length > floor)) {
      missing.push_back(k);
      continue;
    }
    for (size_t i = 0; i < n_; i++) column[i] /= length;
    standing.push_back(column);
  }
  size_t axis = 0;
  for (const size_t k : missing) {
    double* column = &images_[k * n_];
    for (double left = 0; left * static_cast<double>(2 * n_) < 1; axis = (axis + 1) % n_) {
      std::fill_n(column, n_, 0.0);
      column[axis] = 1;
      for (int pass = 0; pass < 2; pass++) {
        for (const double* other : standing)
          kernels_.subtractTwo(column, kernels_.dot(column, other, n_), other, 0, other, n_);
      }
      left = kernels_.dot(column, column, n_);
      const double length = std::sqrt(left);
      if (length > 0) {
        for (size_t i = 0; i < n_; i++) column[i] /= length;
      }
    }
    standing.push_back(column);
  }
}

}  // namespace

std::vector<double> polarFactor(const std::vector<double>& transposed, size_t n, const FunctorKernels& kernels,
                                Task& task) {
  std::vector<double> squares = productOf(transposed, n, 1, transposedOf(transposed, n), n, kernels, task);
  std::vector<double> vectors = largestEigenvectors(squares, n, n, kernels, task);
  std::vector<double> images = productOf(vectors, n, 1, transposed, n, kernels, task);
  JacobiRotations(images, vectors, n, kernels).run(task);
  return productOf(images, 1, n, vectors, n, kernels, task);
}

}  // namespace cbir::lsh
