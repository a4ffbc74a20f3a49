// Transforms of every instruction set of this machine beside sums as they are defined, for lengths of every kind. Run under the sanitizers and emulators.
// Argument: of all cases every so manieth (default 1).
#include <cfloat>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "../engine.h"

using namespace cbir;
using namespace cbir::dsp;

namespace {

size_t checked = 0;
int failures = 0;

void expectClose(const char* what, Isa isa, size_t n, double worst, double bound) {
  checked++;
  if (worst <= bound) return;
  failures++;
  std::printf("%s, %s, n = %zu: differs by %g, allowed are %g\n", what, isaName(isa), n, worst, bound);
}

struct Turn {
  std::vector<long double> cos, sin;
};
Turn turnOf(size_t n) {
  const long double pi = 3.14159265358979323846264338327950288L;
  Turn turn;
  for (size_t k = 0; k < n; k++) {
    turn.cos.push_back(std::cos(2 * pi * static_cast<long double>(k) / static_cast<long double>(n)));
    turn.sin.push_back(std::sin(2 * pi * static_cast<long double>(k) / static_cast<long double>(n)));
  }
  return turn;
}

// n/2 + 1 pairs.
std::vector<double> spectrumOf(const double* row, size_t n, const Turn& turn) {
  std::vector<double> out;
  for (size_t k = 0; k <= n / 2; k++) {
    long double re = 0, im = 0;
    for (size_t j = 0; j < n; j++) {
      re += row[j] * turn.cos[j * k % n];
      im -= row[j] * turn.sin[j * k % n];
    }
    out.push_back(static_cast<double>(re));
    out.push_back(static_cast<double>(im));
  }
  return out;
}

double worstOf(const std::vector<double>& a, const double* b) {
  double worst = 0;
  for (size_t i = 0; i < a.size(); i++) worst = std::max(worst, std::isfinite(b[i]) ? std::abs(a[i] - b[i]) : 1e300);
  return worst;
}

// Whether sums of long doubles are better than those of doubles: not under valgrind, which computes them in 64 bits, nor where the type is no wider.
bool longDoublesAreLong() {
  const volatile long double one = 1, epsilon = LDBL_EPSILON;
  const volatile long double sum = one + epsilon;
  return LDBL_MANT_DIG > DBL_MANT_DIG && sum != one;
}

// `epsilon`: the unit in the last place of 1.
template <class T>
void check(Isa isa, size_t n, size_t count, double epsilon, std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> rows(n * count);
  for (double& x : rows) x = static_cast<float>(uniform(random));
  const Turn turn = turnOf(n);
  const size_t numbers = 2 * (n / 2 + 1);
  std::vector<double> expected;
  for (size_t r = 0; r < count; r++) {
    for (const double x : spectrumOf(rows.data() + r * n, n, turn)) expected.push_back(x);
  }
  const auto plan = planOf<T>(isa, n);
  const Plan<T>& of = plan->get();
  const Transforms<T>& transforms = plan->transforms();
  const Filters filters = [&] {
    static uint32_t firstBins[2] = {0, 0}, offsets[3] = {0, 1, 2};
    static double weights[2] = {1, 0.5};
    firstBins[1] = static_cast<uint32_t>(n / 2);
    return Filters{2, firstBins, offsets, weights};
  }();
  const Aligned scratch(transforms.scratchBytes(of, filters.rows));
  // Rounding errors grow with the square root of n at most; Bluestein's convolution is three transforms. As much again is for the sums beside them where
  // these are no more precise.
  static const double own = longDoublesAreLong() ? 4 : 8;
  const double bound = epsilon * std::sqrt(static_cast<double>(n)) * (of.chirp == nullptr ? own : 3 * own) * (1 + std::log2(static_cast<double>(n)) / 4);

  std::vector<double> spectra(numbers * count), back(n * count);
  transforms.forward(of, rows.data(), count, spectra.data(), scratch.data());
  expectClose("forward", isa, n, worstOf(expected, spectra.data()), bound);
  transforms.inverse(of, expected.data(), count, back.data(), scratch.data());
  expectClose("inverse", isa, n, worstOf(rows, back.data()), bound);

  // The rows as one signal: frames that touch each other.
  std::vector<float> signal(rows.begin(), rows.end()), out(numbers * count), added(n * count);
  std::vector<double> window(n, 1.0), sums(2 * n * count);
  Frames job = {signal.data(), false, n, window.data(), BinValue::complex, nullptr, 0};
  transforms.frames(of, job, 0, count, out.data(), scratch.data());
  const std::vector<double> single(out.begin(), out.end());
  const double stored = bound + std::sqrt(static_cast<double>(n)) * 1e-6;
  expectClose("frames", isa, n, worstOf(expected, single.data()), stored);
  // The same with the frames of a bin together, in two stretches as threads have them, to the last bit.
  std::vector<float> turned(numbers * count);
  job.columns = count;
  // A stretch begins where a transform of several frames does.
  const size_t middle = (count - 1) / transforms.together(of) * transforms.together(of);
  transforms.frames(of, job, 0, middle, turned.data(), scratch.data());
  transforms.frames(of, job, middle, count, turned.data() + 2 * middle, scratch.data());
  double moved = 0;
  for (size_t t = 0; t < count; t++) {
    for (size_t i = 0; i < numbers; i++) moved += turned[(i / 2 * count + t) * 2 + i % 2] != out[t * numbers + i];
  }
  expectClose("frames by bins", isa, n, moved, 0);
  const Overlap overlap = {out.data(), count, n, window.data()};
  transforms.overlapAdd(of, overlap, 0, n * count, added.data(), sums.data(), scratch.data());
  const std::vector<double> sound(added.begin(), added.end());
  expectClose("overlapAdd", isa, n, worstOf(rows, sound.data()), stored);

  // Powers through two filters, of double samples, from the second frame on.
  if (count < 2) return;
  job = {rows.data(), true, n, window.data(), BinValue::power, &filters, 0};
  std::vector<float> filtered(2 * (count - 1));
  transforms.frames(of, job, 1, count, filtered.data(), scratch.data());
  double worst = 0;
  for (size_t t = 1; t < count; t++) {
    for (size_t f = 0; f < 2; f++) {
      const double* bin = expected.data() + t * numbers + (f == 0 ? 0 : numbers - 2);
      const double power = (f == 0 ? 1 : 0.5) * (bin[0] * bin[0] + bin[1] * bin[1]);
      worst = std::max(worst, std::abs(filtered[2 * (t - 1) + f] - power) / (1 + power));
    }
  }
  std::vector<float> byFilter(2 * (count - 1));
  job.columns = count - 1;
  transforms.frames(of, job, 1, count, byFilter.data(), scratch.data());
  for (size_t t = 0; t + 1 < count; t++) {
    if (byFilter[t] != filtered[2 * t] || byFilter[count - 1 + t] != filtered[2 * t + 1]) worst = 1e300;
  }
  expectClose("filters", isa, n, worst, 2 * stored + 1e-6);
}

void checkLevels(Isa isa, std::mt19937& random) {
  const Kernels& set = kernels(isa);
  std::uniform_real_distribution<double> exponent(-37, 37);
  for (size_t count = 1; count < 70; count++) {
    std::vector<float> values, out(count);
    double worst = 0;
    for (size_t i = 0; i < count; i++) values.push_back(static_cast<float>(std::pow(10.0, exponent(random))));
    set.decibels(values.data(), count, 1e-30, 3.0, -250.0, false, out.data());
    float largest = 0;
    for (size_t i = 0; i < count; i++) {
      const double x = std::max(1e-30, static_cast<double>(values[i]));
      worst = std::max(worst, std::abs(out[i] - std::max(-250.0, 10 * std::log10(x) - 3.0)));
      largest = std::max(largest, values[i]);
    }
    expectClose("decibels", isa, count, worst, 4e-5);
    expectClose("maximum", isa, count, std::abs(set.maximum(values.data(), count) - largest), 0);
    expectClose("all finite", isa, count, static_cast<double>(count - set.firstNotFinite(values.data(), false, count)), 0);
    values[count - 1] = NAN;
    expectClose("last not finite", isa, count, static_cast<double>(count - 1 - set.firstNotFinite(values.data(), false, count)), 0);
    values[count / 2] = INFINITY;
    expectClose("middle not finite", isa, count, static_cast<double>(count / 2 - set.firstNotFinite(values.data(), false, count)), 0);

    const size_t inner = count, outer = 1 + count % 9;
    std::vector<float> rows(3 * inner), products(3 * outer);
    std::vector<double> matrix(outer * inner);
    for (float& x : rows) x = static_cast<float>(exponent(random));
    for (double& x : matrix) x = exponent(random);
    set.product(rows.data(), 3, matrix.data(), inner, outer, products.data(), outer, 1);
    worst = 0;
    for (size_t r = 0; r < 3; r++) {
      for (size_t o = 0; o < outer; o++) {
        double sum = 0, size = 1;
        for (size_t i = 0; i < inner; i++) {
          sum += rows[r * inner + i] * matrix[o * inner + i];
          size += std::abs(rows[r * inner + i] * matrix[o * inner + i]);
        }
        worst = std::max(worst, std::abs(products[r * outer + o] - sum) / size);
      }
    }
    expectClose("product", isa, count, worst, 1e-6);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const size_t every = argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 1;
  std::vector<size_t> lengths;
  for (size_t n = 1; n <= 130; n++) lengths.push_back(n);
  for (const size_t n : {251, 256, 400, 401, 509, 512, 625, 686, 1000, 1021, 1022, 1023, 1024, 1331, 1536, 2048, 2053, 2662, 4096, 4098}) lengths.push_back(n);
  std::string names;
  std::mt19937 random(7);
  for (const Isa isa : availableIsas()) {
    names += std::string(" ") + isaName(isa);
    for (size_t i = 0; i < lengths.size(); i += 1) {
      // Numbers of rows below, at and above what is transformed at once.
      for (const size_t count : {size_t{1}, size_t{3}, size_t{8}, size_t{33}}) {
        if ((i * 4 + count) % every != 0 || lengths[i] * lengths[i] * count > (size_t{1} << 24)) continue;
        check<double>(isa, lengths[i], count, 2.3e-16, random);
        check<float>(isa, lengths[i], count, 1.2e-7, random);
      }
    }
    checkLevels(isa, random);
  }
  if (failures > 0) return 1;
  std::printf("%zu answers are right on%s\n", checked, names.c_str());
  return 0;
}
