// Householder's reduction and the implicit QL method (Martin, Reinsch, Wilkinson: Handbook for Automatic Computation
// II, 1971), row by row.
#include "symmetric_eigen.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <cbir/error.h>

namespace cbir::lsh {

namespace {

constexpr int mostSteps = 60;
// Rotations that are kept before they are applied to the vectors.
constexpr size_t rotationsAtOnce = size_t{1} << 15;
// Columns of the vectors that a thread rotates: all rows of them stay in the second cache.
constexpr size_t slab = 64;
// Up to so many rows the work of waking threads is more than theirs.
constexpr size_t alone = 128;

void share(Task& task, size_t size, size_t n, size_t grain, const Range& body) {
  if (size <= alone) {
    task.throwIfAborted();
    body(0, n, 0);
  } else {
    task.parallel(n, grain, body);
  }
}

struct Rotation {
  size_t row;
  double cosine;
  double sine;
};

struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> below;    // [i]: between i and i + 1
  std::vector<double>
      weights;  // [i]: of the reflection I − u·uᵀ/weight whose u stands in row i of the matrix; 0 where there is none
};

// matrix = Q · T · Qᵀ, Q = H(n−1) · … · H(1).
Tridiagonal reduce(std::vector<double>& matrix, size_t n, const FunctorKernels& kernels, Task& task) {
  Tridiagonal t{std::vector<double>(n), std::vector<double>(n), std::vector<double>(n)};
  std::vector<double> p(n);
  for (size_t i = n - 1; i >= 1; i--) {
    task.throwIfAborted();
    double* u = &matrix[i * n];
    const double last = u[i - 1];
    const double others = kernels.dot(u, u, i - 1);
    t.below[i - 1] = last;
    if (others == 0) continue;
    const double length = std::sqrt(last * last + others);
    const double image = last >= 0 ? -length : length;
    const double weight = length * length - last * image;
    t.below[i - 1] = image;
    t.weights[i] = weight;
    u[i - 1] = last - image;
    std::fill_n(p.begin(), i, 0.0);
    for (size_t j = 0; j < i; j++) {
      const double* row = &matrix[j * n];
      p[j] += kernels.addAndDot(row, u[j], p.data(), u, j) + row[j] * u[j];
    }
    for (size_t j = 0; j < i; j++) p[j] /= weight;
    const double half = kernels.dot(u, p.data(), i) / (2 * weight);
    for (size_t j = 0; j < i; j++) p[j] -= half * u[j];
    for (size_t j = 0; j < i; j++) kernels.subtractTwo(&matrix[j * n], u[j], p.data(), p[j], u, j + 1);
  }
  for (size_t i = 0; i < n; i++) t.diagonal[i] = matrix[i * n + i];
  return t;
}

// Makes T diagonal; row k of `vectors`, the unit matrix at first, becomes T's eigenvector k.
class QlMethod {
 public:
  QlMethod(Tridiagonal& t, std::vector<double>& vectors, const FunctorKernels& kernels, Task& task)
      : n_(t.diagonal.size()), d_(t.diagonal), e_(t.below), vectors_(vectors), kernels_(kernels), task_(task) {}

  void run() {
    for (size_t i = 0; i < n_; i++) {
      rounding_ = std::max(rounding_, (std::fabs(d_[i]) + std::fabs(e_[i])) * std::numeric_limits<double>::epsilon());
    }
    for (size_t l = 0; l < n_; l++) {
      for (int step = 0;; step++) {
        const size_t m = blockEnd(l);
        if (m == l) break;
        if (step == mostSteps) throw Error("ADAPTER_FAULT", "The eigenvalues of the covariance could not be found.");
        iterate(l, m);
      }
    }
    apply();
  }

 private:
  // The first index from l on where the matrix falls into two: what is left between them is no more than rounding of
  // the matrix.
  size_t blockEnd(size_t l) const {
    size_t m = l;
    while (m + 1 < n_ && std::fabs(e_[m]) > rounding_) m++;
    return m;
  }

  void iterate(size_t l, size_t m) {
    double g = (d_[l + 1] - d_[l]) / (2 * e_[l]);
    g = d_[m] - d_[l] + e_[l] / (g + std::copysign(std::hypot(g, 1), g));
    double s = 1, c = 1, p = 0;
    for (size_t i = m; i-- > l;) {
      const double f = s * e_[i];
      const double b = c * e_[i];
      double r = std::hypot(f, g);
      e_[i + 1] = r;
      if (r == 0) {
        d_[i + 1] -= p;
        e_[m] = 0;
        return;
      }
      s = f / r;
      c = g / r;
      g = d_[i + 1] - p;
      r = (d_[i] - g) * s + 2 * c * b;
      p = s * r;
      d_[i + 1] = g + p;
      g = c * r - b;
      rotations_.push_back({i, c, s});
    }
    d_[l] -= p;
    e_[l] = g;
    e_[m] = 0;
    if (rotations_.size() >= rotationsAtOnce) apply();
  }

  void apply() {
    share(task_, n_, (n_ + slab - 1) / slab, 1, [this](size_t begin, size_t end, unsigned) {
      const size_t first = begin * slab;
      const size_t columns = std::min(end * slab, n_) - first;
      for (const Rotation& r : rotations_) {
        double* x = &vectors_[r.row * n_ + first];
        kernels_.rotate(x, x + n_, columns, r.cosine, r.sine);
      }
    });
    rotations_.clear();
  }

  size_t n_;
  std::vector<double>& d_;
  std::vector<double>& e_;
  std::vector<double>& vectors_;
  const FunctorKernels& kernels_;
  Task& task_;
  std::vector<Rotation> rotations_;
  double rounding_ = 0;
};

}  // namespace

std::vector<double> largestEigenvectors(std::vector<double>& matrix, size_t n, size_t wanted,
                                        const FunctorKernels& kernels, Task& task) {
  Tridiagonal t = reduce(matrix, n, kernels, task);
  std::vector<double> vectors(n * n);
  for (size_t i = 0; i < n; i++) vectors[i * n + i] = 1;
  QlMethod(t, vectors, kernels, task).run();

  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&t](size_t a, size_t b) { return t.diagonal[a] > t.diagonal[b]; });
  std::vector<double> largest(wanted * n);
  share(task, n, wanted, 8, [&](size_t begin, size_t end, unsigned) {
    for (size_t k = begin; k < end; k++) {
      double* v = &largest[k * n];
      std::copy_n(&vectors[order[k] * n], n, v);
      for (size_t i = 1; i < n; i++) {
        if (t.weights[i] == 0) continue;
        const double* u = &matrix[i * n];
        kernels.subtractTwo(v, kernels.dot(u, v, i) / t.weights[i], u, 0, u, i);
      }
      const double* top = std::max_element(v, v + n, [](double a, double b) { return std::fabs(a) < std::fabs(b); });
      if (*top < 0) {
        for (size_t i = 0; i < n; i++) v[i] = -v[i];
      }
    }
  });
  return largest;
}

}  // namespace cbir::lsh
