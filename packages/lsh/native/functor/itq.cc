// The alternation: signs of the rotated data, then the rotation that fits them best, until the loss falls no more.
#include "itq.h"

#include <algorithm>
#include <cmath>

#include "covariance.h"
#include "polar_factor.h"
#include "projection.h"
#include "symmetric_eigen.h"

namespace cbir::lsh {

namespace {

// A loss that falls by less than this share of itself has settled.
constexpr double settled = 1e-9;
// Multiplications of a range of the loop over the data.
constexpr size_t rangeWork = size_t{1} << 27;
constexpr size_t projectedRows = 120;

// The projected, centred data V, and what one pass over them gives for a rotation.
class Quantization {
 public:
  Quantization(const SampleRows& sample, const Moments& moments, const std::vector<double>& basis, size_t bits,
               const FunctorKernels& kernels, Task& task);

  // The bits × bits product Bᵀ·V, B the signs (±1) of V·rotation.
  const std::vector<double>& correlate(const std::vector<double>& rotation, Task& task);
  // ‖B − V·R‖² from Bᵀ·V: as R is orthogonal, it is ‖B‖² + ‖V‖² − 2·trace(Bᵀ·V·R).
  double loss(const std::vector<double>& rotation) const;

 private:
  size_t bits_;
  size_t width_;
  size_t rows_;
  double scale_;
  const FunctorKernels& kernels_;
  // Parts of the rows have sums of their own; how many does not depend on the threads.
  size_t parts_;
  size_t rowsPerPart_;
  std::vector<float> data_;
  std::vector<double> totals_;
  double squares_ = 0;
  std::vector<float> packed_;
  std::vector<float> sums_;
  std::vector<double> product_;
  struct Scratch {
    std::vector<uint8_t> positive, choice;
    std::vector<float> table;
  };
  std::vector<Scratch> scratch_;
};

Quantization::Quantization(const SampleRows& sample, const Moments& moments, const std::vector<double>& basis,
                           size_t bits, const FunctorKernels& kernels, Task& task)
    : bits_(bits),
      width_((bits + bitPadding - 1) / bitPadding * bitPadding),
      rows_(sample.rows),
      scale_(moments.scale),
      kernels_(kernels) {
  const size_t n = sample.dimensions;
  parts_ = std::clamp<size_t>((size_t{1} << 20) / (width_ * width_), 8, 32);
  rowsPerPart_ = (rows_ + parts_ * blockRows - 1) / (parts_ * blockRows) * blockRows;
  data_.resize(parts_ * rowsPerPart_ * width_);
  packed_.resize(width_ * width_);
  sums_.resize(parts_ * width_ * width_);
  product_.resize(bits * bits);
  totals_.resize(bits);
  scratch_.resize(poolThreads());
  for (Scratch& s : scratch_) {
    s.positive.resize(blockRows * width_ / 8);
    s.choice.resize(blockRows / groupRows * width_);
    s.table.resize(tableFloats);
  }

  std::vector<double> matrix(n * width_);
  std::vector<double> offsets(bits);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < bits; j++) {
      const double x = static_cast<double>(static_cast<float>(basis[j * n + i]));
      matrix[panelPlace(n, i, j)] = x;
      offsets[j] += moments.mean[i] * x;
    }
  }
  std::vector<std::vector<double>> z(poolThreads(), std::vector<double>(projectedRows * width_));
  task.parallel(rows_, projectedRows, [&](size_t begin, size_t end, unsigned worker) {
    double* projected = z[worker].data();
    sample.pieces(begin, end, [&](const float* rows, size_t count, size_t first) {
      kernels.project(rows, count, n, matrix.data(), width_, projected);
      for (size_t r = 0; r < count; r++) {
        float* out = &data_[(first + r) * width_];
        for (size_t j = 0; j < bits_; j++)
          out[j] = static_cast<float>((projected[r * width_ + j] - offsets[j]) * scale_);
      }
    });
  });
  for (size_t r = 0; r < rows_; r++) {
    for (size_t j = 0; j < bits_; j++) {
      const double v = data_[r * width_ + j];
      totals_[j] += v;
      squares_ += v * v;
    }
  }
}

const std::vector<double>& Quantization::correlate(const std::vector<double>& rotation, Task& task) {
  std::vector<float> padded(width_ * width_);
  for (size_t i = 0; i < bits_; i++) {
    for (size_t j = 0; j < bits_; j++) padded[i * width_ + j] = static_cast<float>(rotation[i * bits_ + j]);
  }
  kernels_.packRotation(padded.data(), width_, packed_.data());
  std::fill(sums_.begin(), sums_.end(), 0.0f);
  const size_t rowsAtOnce = std::max(blockRows, rangeWork / (width_ * width_) / blockRows * blockRows);
  for (size_t from = 0; from < rowsPerPart_; from += rowsAtOnce) {
    const size_t to = std::min(rowsPerPart_, from + rowsAtOnce);
    task.parallel(parts_, 1, [&](size_t begin, size_t end, unsigned worker) {
      Scratch& s = scratch_[worker];
      for (size_t part = begin; part < end; part++) {
        for (size_t row = from; row < to; row += blockRows) {
          const float* rows = &data_[(part * rowsPerPart_ + row) * width_];
          kernels_.signs(rows, width_, packed_.data(), s.positive.data());
          kernels_.addBySign(rows, width_, s.positive.data(), s.table.data(), s.choice.data(),
                             &sums_[part * width_ * width_]);
        }
      }
    });
  }
  // With b = ±1, Σ b·v is twice the sum where b is 1, less the sum of all.
  for (size_t j = 0; j < bits_; j++) {
    for (size_t c = 0; c < bits_; c++) product_[j * bits_ + c] = -totals_[c];
  }
  for (size_t part = 0; part < parts_; part++) {
    const float* sums = &sums_[part * width_ * width_];
    for (size_t j = 0; j < bits_; j++) {
      for (size_t c = 0; c < bits_; c++) product_[j * bits_ + c] += 2 * static_cast<double>(sums[j * width_ + c]);
    }
  }
  return product_;
}

double Quantization::loss(const std::vector<double>& rotation) const {
  double trace = 0;
  for (size_t j = 0; j < bits_; j++) {
    for (size_t c = 0; c < bits_; c++) trace += product_[j * bits_ + c] * rotation[c * bits_ + j];
  }
  return static_cast<double>(rows_) * static_cast<double>(bits_) + squares_ / scale_ / scale_ - 2 * trace / scale_;
}

ItqModel modelOf(const std::vector<double>& basis, const std::vector<double>& rotation, const std::vector<double>& mean,
                 size_t bits, const FunctorKernels& kernels) {
  const size_t n = mean.size();
  std::vector<double> product(n * bits);
  kernels.multiplyAdd(basis.data(), 1, n, rotation.data(), bits, bits, product.data(), bits, n, bits);
  ItqModel model{std::vector<float>(product.begin(), product.end()), std::vector<double>(bits), {}};
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < bits; j++) model.thresholds[j] += mean[i] * static_cast<double>(model.matrix[i * bits + j]);
  }
  return model;
}

}  // namespace

ItqModel trainItq(const SampleRows& sample, const ItqSettings& settings, const FunctorKernels& kernels, Task& task) {
  const size_t n = sample.dimensions;
  const size_t bits = settings.bits;
  const size_t total = settings.iterations + 2;
  const Moments middle = moments(sample, task);
  std::vector<double> basis = settings.basis;
  if (basis.empty()) {
    std::vector<double> covariance = scatter(sample, middle, kernels, task);
    basis = largestEigenvectors(covariance, n, bits, kernels, task);
  }
  task.progress(1, total);
  Quantization quantization(sample, middle, basis, bits, kernels, task);
  // polarFactor takes the transposed matrix: of `start`, and of Vᵀ·B.
  std::vector<double> transposed(bits * bits);
  for (size_t i = 0; i < bits; i++) {
    for (size_t j = 0; j < bits; j++) transposed[j * bits + i] = settings.start[i * bits + j];
  }
  std::vector<double> rotation = polarFactor(transposed, bits, kernels, task);
  std::vector<double> losses;
  const std::vector<double>* product = &quantization.correlate(rotation, task);
  losses.push_back(quantization.loss(rotation));
  for (size_t i = 0; i < settings.iterations; i++) {
    task.throwIfAborted();
    task.progress(i + 2, total);
    std::vector<double> next = polarFactor(*product, bits, kernels, task);
    product = &quantization.correlate(next, task);
    const double loss = quantization.loss(next);
    const double fall = losses.back() - loss;
    if (!(fall > 0)) break;
    losses.push_back(loss);
    rotation.swap(next);
    if (fall < settled * loss) break;
  }
  task.progress(total, total);
  ItqModel model = modelOf(basis, rotation, middle.mean, bits, kernels);
  model.losses = std::move(losses);
  return model;
}

}  // namespace cbir::lsh
