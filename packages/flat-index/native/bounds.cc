// Bounds: see bounds.h.
#include "bounds.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rounding.h"

namespace cbir::flat {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double pi = 3.14159265358979323846;

// Distances that are closer than this, relatively, can be the same float32; squares and the arc of a cosine double it, twice.
constexpr double tie = 0x1p-20;

double cosineOf(double dot, double a, double b) {
  if (a == 0 || b == 0) return 0;
  return std::clamp(dot / std::sqrt(a * b), -1.0, 1.0);
}

}  // namespace

float Bounds::upper(float v, float add) const {
  const double value = v;
  return roundUp(value + perAdd * add + constant + relative * std::fabs(value + offset));
}

float Bounds::ofExact(double value) const {
  if (strict) return static_cast<float>(value);
  return roundUp(value + exactConstant + relative * std::fabs(value + offset) + shift);
}

Bounds boundsOf(Metric metric, Measure measure, double roundings, size_t dimensions, double squaredNorm, double absolute) {
  Bounds bounds;
  bounds.measure = measure;
  bounds.relative = tie;
  const double g = 1.01 * gammaOf(roundings);
  const double lost = underflow(dimensions);
  const double norm = std::sqrt(squaredNorm) * (1 + 0x1p-30);
  // A query whose products could leave float's range: v is NaN, and every row is compared exactly.
  const bool wild = !(g < 0.1) || absolute > 0x1p100 || squaredNorm > 0x1p100;

  if (measure == Measure::coded) {
    // v is a lower bound already; what is left is double precision's own rounding of the value.
    bounds.constant = infinity;
    const double doubles = static_cast<double>(dimensions + 64) * 0x1p-50;
    bounds.exactConstant = lost;
    if (metric == Metric::histogramIntersection) {
      bounds.offset = 1;
      bounds.exactConstant += 0x1p-50 + doubles * absolute;
    } else if (usesNorms(metric)) {
      // The value is √(2 − 2cos): at a cosine near 1 its rounding counts by its root.
      bounds.exactConstant += std::sqrt(4 * doubles);
    }
    return bounds;
  }

  if (measure == Measure::sum) {
    if (metric == Metric::hamming) {
      // Whole numbers, exact in float; and no two of them the same float32 when divided.
      bounds.strict = dimensions <= (size_t{1} << 22);
      bounds.relative = bounds.strict ? 0 : infinity;
      return bounds;
    }
    bounds.relative = tie + 3 * g;
    bounds.constant = bounds.exactConstant = 4 * lost;
    if (!(g < 0.1)) bounds.relative = infinity;
    return bounds;
  }

  switch (metric) {
    case Metric::euclidean:
      bounds.scale = static_cast<float>(1 - g);
      bounds.perAdd = 2.1 * g;
      bounds.exactConstant = g * squaredNorm + 4 * lost;
      bounds.constant = 2 * g * squaredNorm + 8 * lost;
      bounds.offset = squaredNorm;
      break;
    case Metric::innerProduct:
      bounds.scale = -roundUp(g * norm);
      bounds.perAdd = 2.1 * g * norm;
      bounds.constant = bounds.exactConstant = 4 * lost;
      break;
    case Metric::histogramIntersection:
      bounds.scale = -roundUp(g);
      bounds.perAdd = 2.1 * g;
      bounds.exactConstant = g * absolute + 4 * lost + 0x1p-50;
      bounds.constant = 2 * g * absolute + 8 * lost + 0x1p-50;
      bounds.offset = 1;
      break;
    default:
      // The cosine times ‖q‖. A row's 1/‖x‖ is at most 2⁵⁰.
      bounds.scale = 0;
      bounds.exactConstant = g * norm + lost * 0x1p51;
      bounds.constant = 2 * bounds.exactConstant;
      bounds.offset = norm;
      break;
  }
  if (wild) bounds.scale = std::nanf("");
  return bounds;
}

double valueOf(Metric metric, Measure measure, double sum, double squaredNormQuery, double squaredNormRow) {
  switch (metric) {
    case Metric::euclidean:
      return measure == Measure::sum ? sum : measure == Measure::terms ? sum - squaredNormQuery : std::sqrt(sum);
    case Metric::cosine:
    case Metric::angular:
    case Metric::annoyAngular: {
      const double cosine = cosineOf(sum, squaredNormQuery, squaredNormRow);
      return measure == Measure::terms ? -cosine * std::sqrt(squaredNormQuery) : std::sqrt(2 - 2 * cosine);
    }
    case Metric::innerProduct:
    case Metric::histogramIntersection: return -sum;
    case Metric::manhattan:
    case Metric::hamming: break;
  }
  return sum;
}

double valueAt(Metric metric, Measure measure, double radius, double squaredNormQuery, size_t dimensions) {
  const double r = radius + std::fabs(radius) * 0x1p-22 + 0x1p-140;
  if (r == infinity) return infinity;
  double cosine = -1;
  switch (metric) {
    case Metric::euclidean:
      if (r < 0) return -infinity;
      return measure == Measure::coded ? r : measure == Measure::sum ? r * r : r * r - squaredNormQuery;
    case Metric::cosine: cosine = 1 - r; break;
    case Metric::angular: cosine = r < 0 ? 2 : r >= 1 ? -1 : std::cos(pi * r); break;
    case Metric::annoyAngular: cosine = r < 0 ? 2 : 1 - r * r / 2; break;
    case Metric::innerProduct: return r;
    case Metric::histogramIntersection: return r - 1;
    case Metric::manhattan: return r;
    case Metric::hamming: return r * static_cast<double>(dimensions) + 0.5;
  }
  if (cosine <= -1) return infinity;
  if (measure == Measure::terms) return -cosine * std::sqrt(squaredNormQuery);
  return std::sqrt(std::max(0.0, 2 - 2 * cosine));
}

}  // namespace cbir::flat
