// One-sided Jacobi rotations in the order of a tournament, in which the pairs of a round share no column and can be rotated at once.
#include "polar_factor.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

namespace cbir::lsh {

namespace {

// Columns count as orthogonal where the cosine between them is below this.
constexpr double orthogonal = 1e-12;
// A column this much shorter than the longest is nothing but rounding.
constexpr double vanishing = 1e-13;
constexpr int mostSweeps = 60;
// From here on a round of the tournament is worth more than one thread.
constexpr size_t shared = 192;

}  // namespace

PolarFactor::PolarFactor(size_t n, const FunctorKernels& kernels)
    : n_(n), kernels_(kernels), images_(n * n), vectors_(n * n), lengths_(n), seats_(n + n % 2) {
  for (size_t i = 0; i < n; i++) vectors_[i * n + i] = 1;
}

void PolarFactor::of(const double* transposed, double* factor, Task& task) {
  std::fill(images_.begin(), images_.end(), 0.0);
  kernels_.multiplyAdd(vectors_.data(), n_, 1, transposed, n_, n_, images_.data(), n_, n_, n_);
  for (int i = 0; i < mostSweeps && !sweep(task); i++) {
  }
  const double longest = *std::max_element(lengths_.begin(), lengths_.end());
  complete(vanishing * vanishing * longest);
  std::fill_n(factor, n_ * n_, 0.0);
  kernels_.multiplyAdd(images_.data(), 1, n_, vectors_.data(), n_, n_, factor, n_, n_, n_);
}

// Every pair once. True where all were orthogonal already.
bool PolarFactor::sweep(Task& task) {
  for (size_t k = 0; k < n_; k++) lengths_[k] = kernels_.dot(&images_[k * n_], &images_[k * n_], n_);
  std::iota(seats_.begin(), seats_.end(), size_t{0});
  const size_t seats = seats_.size();
  std::atomic<bool> settled{true};
  const auto play = [this, seats, &settled](size_t begin, size_t end, unsigned) {
    for (size_t table = begin; table < end; table++) {
      const size_t p = std::min(seats_[table], seats_[seats - 1 - table]);
      const size_t q = std::max(seats_[table], seats_[seats - 1 - table]);
      if (q < n_ && makeOrthogonal(p, q)) settled.store(false, std::memory_order_relaxed);
    }
  };
  for (size_t round = 1; round < seats; round++) {
    task.throwIfAborted();
    if (n_ < shared) {
      play(0, seats / 2, 0);
    } else {
      task.parallel(seats / 2, std::max<size_t>(1, seats / 16), play);
    }
    std::rotate(seats_.begin() + 1, seats_.end() - 1, seats_.end());
  }
  return settled;
}

// Rotates two columns so that they are orthogonal; false where they were.
bool PolarFactor::makeOrthogonal(size_t p, size_t q) {
  double* x = &images_[p * n_];
  double* y = &images_[q * n_];
  const double product = kernels_.dot(x, y, n_);
  if (!(std::fabs(product) > orthogonal * std::sqrt(lengths_[p]) * std::sqrt(lengths_[q]))) return false;
  const double larger = std::max(lengths_[p], lengths_[q]);
  if (std::min(lengths_[p], lengths_[q]) <= vanishing * vanishing * larger) return false;
  const double zeta = (lengths_[q] - lengths_[p]) / (2 * product);
  const double tangent = std::copysign(1 / (std::fabs(zeta) + std::hypot(1, zeta)), zeta);
  const double cosine = 1 / std::hypot(1, tangent);
  const double sine = cosine * tangent;
  kernels_.rotate(x, y, n_, cosine, sine);
  kernels_.rotate(&vectors_[p * n_], &vectors_[q * n_], n_, cosine, sine);
  lengths_[p] = std::max(0.0, lengths_[p] - tangent * product);
  lengths_[q] += tangent * product;
  return true;
}

// Makes the columns unit vectors; those no longer than √floor become what completes the others to a basis: unit vectors of the space, made orthogonal to
// all that stand (twice, for accuracy). Of n − r such vectors one at least keeps 1/n of its square.
void PolarFactor::complete(double floor) {
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
        for (const double* other : standing) kernels_.subtractTwo(column, kernels_.dot(column, other, n_), other, 0, other, n_);
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

}  // namespace cbir::lsh
