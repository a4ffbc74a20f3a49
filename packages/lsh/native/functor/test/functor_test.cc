// A program of its own, for the sanitizers and for other processors: training, hashing and the matrix algebra beside
// plain loops, on every instruction set.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "../itq.h"
#include "../polar_factor.h"
#include "../projection.h"
#include "../symmetric_eigen.h"

using namespace cbir;
using namespace cbir::lsh;

namespace {

size_t checks = 0;

void check(bool right, const char* what) {
  checks++;
  if (right) return;
  std::printf("wrong: %s\n", what);
  std::exit(1);
}

using Doubles = std::vector<double>;

// Exactly as long as it says, in memory of its own, so that a sanitizer sees a step beyond.
Doubles numbers(size_t count, std::mt19937& random) {
  std::normal_distribution<double> normal;
  Doubles values(count);
  for (double& x : values) x = normal(random);
  return values;
}

double worstFromOrthogonal(const Doubles& m, size_t n) {
  double worst = 0;
  for (size_t a = 0; a < n; a++) {
    for (size_t b = 0; b <= a; b++) {
      double sum = 0;
      for (size_t i = 0; i < n; i++) sum += m[a * n + i] * m[b * n + i];
      worst = std::fmax(worst, std::fabs(sum - (a == b ? 1 : 0)));
    }
  }
  return worst;
}

void products(const FunctorKernels& kernels, std::mt19937& random) {
  for (const size_t rows : {1u, 2u, 5u, 13u, 50u}) {
    for (const size_t columns : {1u, 3u, 16u, 19u, 50u}) {
      for (const size_t k : {1u, 7u, 257u}) {
        const Doubles a = numbers(rows * k, random), b = numbers(k * columns, random);
        for (const bool turned : {false, true}) {
          Doubles out = numbers(rows * columns, random);
          Doubles expected = out;
          for (size_t r = 0; r < rows; r++) {
            for (size_t c = 0; c < columns; c++) {
              for (size_t i = 0; i < k; i++)
                expected[r * columns + c] += (turned ? a[i * rows + r] : a[r * k + i]) * b[i * columns + c];
            }
          }
          kernels.multiplyAdd(a.data(), turned ? 1 : k, turned ? rows : 1, b.data(), columns, k, out.data(), columns,
                              rows, columns);
          for (size_t i = 0; i < out.size(); i++) check(std::fabs(out[i] - expected[i]) < 1e-10, "product");
        }
      }
    }
  }
}

void eigenvectors(const FunctorKernels& kernels, std::mt19937& random, Task& task) {
  for (const size_t n : {1u, 2u, 3u, 17u, 64u, 140u}) {
    const Doubles m = numbers(n * n, random);
    Doubles symmetric(n * n);
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) symmetric[i * n + j] = m[i * n + j] + m[j * n + i];
    }
    Doubles used = symmetric;
    const Doubles v = largestEigenvectors(used, n, n, kernels, task);
    check(worstFromOrthogonal(v, n) < 1e-11, "eigenvectors are orthogonal");
    double last = INFINITY;
    for (size_t k = 0; k < n; k++) {
      Doubles image(n);
      double value = 0;
      for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) image[i] += symmetric[i * n + j] * v[k * n + j];
        value += image[i] * v[k * n + i];
      }
      for (size_t i = 0; i < n; i++) check(std::fabs(image[i] - value * v[k * n + i]) < 1e-10, "eigenvector");
      check(value <= last + 1e-10, "largest first");
      last = value;
    }
  }
}

void polarFactors(const FunctorKernels& kernels, std::mt19937& random, Task& task) {
  for (const size_t n : {1u, 2u, 5u, 32u, 70u, 200u}) {
    for (const size_t rank : {n, n / 2, size_t{0}}) {
      const Doubles left = numbers(n * rank, random), right = numbers(rank * n, random);
      Doubles m(n * n);
      // Columns of very different length.
      for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
          for (size_t k = 0; k < rank; k++)
            m[i * n + j] += left[i * rank + k] * right[k * n + j] *
                            std::pow(10, -8.0 * static_cast<double>(j) / static_cast<double>(n));
        }
      }
      Doubles turned(n * n);
      for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) turned[j * n + i] = m[i * n + j];
      }
      const Doubles factor = polarFactor(turned, n, kernels, task);
      check(worstFromOrthogonal(factor, n) < 1e-9, "the polar factor is orthogonal");
      // factorᵀ · M is symmetric where the factor is the polar one.
      double largest = 0, skew = 0;
      for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
          double a = 0, b = 0;
          for (size_t k = 0; k < n; k++) {
            a += factor[k * n + i] * m[k * n + j];
            b += factor[k * n + j] * m[k * n + i];
          }
          largest = std::fmax(largest, std::fabs(a));
          skew = std::fmax(skew, std::fabs(a - b));
        }
      }
      check(skew <= 1e-9 * (1 + largest), "the rest is symmetric");
    }
  }
}

void hashing(const FunctorKernels& kernels, std::mt19937& random) {
  for (const size_t n : {1u, 5u, 33u}) {
    for (const size_t bits : {1u, 16u, 63u, 65u, 200u, 1024u}) {
      for (const Norm norm : {Norm::none, Norm::l1, Norm::l2}) {
        const size_t count = 29;
        std::vector<float> matrix(n * bits), rows(count * n);
        for (float& x : matrix) x = static_cast<float>(static_cast<int>(random() % 7) - 3);
        for (float& x : rows) x = static_cast<float>(static_cast<int>(random() % 7) - 3);
        Doubles thresholds(bits);
        for (double& x : thresholds)
          x = norm == Norm::none ? static_cast<double>(static_cast<int>(random() % 5) - 2) : 0.1;
        const Projection projection(n, bits, matrix.data(), thresholds.data(), norm, kernels);
        std::vector<uint8_t> codes(count * projection.stride(), 255);
        projection.hash(rows.data(), count, codes.data());
        for (size_t r = 0; r < count; r++) {
          double sum = 0;
          for (size_t i = 0; i < n; i++)
            sum += norm == Norm::l1 ? std::fabs(rows[r * n + i]) : std::pow(rows[r * n + i], 2);
          const double length = norm == Norm::none || sum == 0 ? 1 : norm == Norm::l1 ? sum : std::sqrt(sum);
          for (size_t j = 0; j < projection.stride() * 8; j++) {
            double z = 0;
            for (size_t i = 0; i < n && j < bits; i++)
              z += static_cast<double>(rows[r * n + i]) * static_cast<double>(matrix[i * bits + j]);
            const bool bit = j < bits && 1 / length * z >= thresholds[j];
            check((codes[r * projection.stride() + j / 8] >> (j % 8) & 1) == (bit ? 1 : 0), "bit");
          }
        }
      }
    }
  }
}

void training(const FunctorKernels& kernels, std::mt19937& random, Task& task, size_t most) {
  const struct {
    size_t rows, dimensions, bits, perBlock;
  } shapes[] = {{1, 1, 1, 1},       {3, 5, 2, 2},          {100, 40, 33, 7},
                {500, 64, 64, 500}, {1000, 130, 100, 333}, {2500, 520, 520, 1000}};
  for (const auto& shape : shapes) {
    if (shape.bits > most) continue;
    std::normal_distribution<float> normal;
    SampleRows sample;
    sample.rows = shape.rows;
    sample.dimensions = shape.dimensions;
    sample.rowsPerBlock = shape.perBlock;
    std::vector<std::unique_ptr<float[]>> blocks;
    for (size_t row = 0; row < shape.rows; row += shape.perBlock) {
      const size_t count = std::min(shape.perBlock, shape.rows - row) * shape.dimensions;
      blocks.push_back(std::make_unique<float[]>(count));
      for (size_t i = 0; i < count; i++)
        blocks.back()[i] = normal(random) * (1 + static_cast<float>(i % shape.dimensions % 9));
      sample.blocks.push_back(blocks.back().get());
    }
    ItqSettings settings;
    settings.bits = shape.bits;
    settings.iterations = 3;
    settings.start = numbers(shape.bits * shape.bits, random);
    const ItqModel model = trainItq(sample, settings, kernels, task);
    for (size_t i = 1; i < model.losses.size(); i++) check(model.losses[i] < model.losses[i - 1], "the loss falls");
    double loss = 0;
    for (size_t row = 0; row < shape.rows; row++) {
      const float* x = sample.blocks[row / shape.perBlock] + row % shape.perBlock * shape.dimensions;
      for (size_t j = 0; j < shape.bits; j++) {
        double z = -model.thresholds[j];
        for (size_t i = 0; i < shape.dimensions; i++)
          z += static_cast<double>(x[i]) * static_cast<double>(model.matrix[i * shape.bits + j]);
        loss += std::pow((z >= 0 ? 1 : -1) - z, 2);
      }
    }
    check(std::fabs(loss - model.losses.back()) < 1e-4 * (1 + loss), "the loss is what it says");
  }
}

}  // namespace

// Argument: the most bits that are trained.
int main(int, char** arguments) {
  const size_t most = static_cast<size_t>(std::atoi(arguments[1]));
  for (const Isa isa : availableIsas()) {
    std::mt19937 random(1);
    Task task(nullptr);
    const FunctorKernels& kernels = functorKernels(isa);
    products(kernels, random);
    eigenvectors(kernels, random, task);
    polarFactors(kernels, random, task);
    hashing(kernels, random);
    training(kernels, random, task, most);
  }
  std::printf("%zu checks are right\n", checks);
}
