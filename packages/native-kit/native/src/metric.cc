// Core's metrics by name, and their finishing steps.
#include <cbir/metric.h>

#include <string>

#include <cbir/error.h>

namespace cbir {

struct NamedMetric {
  const char* name;
  Metric metric;
  CoordinateSum sum;
  bool usesNorms;
};

// In the order of the enumeration.
static const NamedMetric metrics[] = {
    {"euclidean", Metric::euclidean, CoordinateSum::squaredDifference, false},
    {"cosine", Metric::cosine, CoordinateSum::product, true},
    {"angular", Metric::angular, CoordinateSum::product, true},
    {"annoy-angular", Metric::annoyAngular, CoordinateSum::product, true},
    {"inner-product", Metric::innerProduct, CoordinateSum::product, false},
    {"manhattan", Metric::manhattan, CoordinateSum::absoluteDifference, false},
    {"histogram-intersection", Metric::histogramIntersection, CoordinateSum::minimum, false},
    {"hamming", Metric::hamming, CoordinateSum::differing, false},
};

Metric metricOf(std::string_view coreName) {
  std::string names;
  for (const NamedMetric& known : metrics) {
    if (coreName == known.name) return known.metric;
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  throw Error("INVALID_ARGUMENT", "There is no metric \"" + std::string(coreName) + "\". The metrics are " + names + ".");
}

const char* metricName(Metric metric) { return metrics[static_cast<size_t>(metric)].name; }

CoordinateSum coordinateSumOf(Metric metric) { return metrics[static_cast<size_t>(metric)].sum; }

bool usesNorms(Metric metric) { return metrics[static_cast<size_t>(metric)].usesNorms; }

// 0 where a vector is zero; exactly 1 for a vector and itself, as √(x·x) is x.
static double cosineOf(double dot, double squaredNormA, double squaredNormB) {
  if (squaredNormA == 0 || squaredNormB == 0) return 0;
  const double cosine = dot / std::sqrt(squaredNormA * squaredNormB);
  return cosine < -1 ? -1 : cosine > 1 ? 1 : cosine;
}

double finish(Metric metric, double sum, double squaredNormA, double squaredNormB, size_t dimensions) {
  constexpr double pi = 3.14159265358979323846;
  switch (metric) {
    case Metric::euclidean: return std::sqrt(sum);
    case Metric::cosine: return 1 - cosineOf(sum, squaredNormA, squaredNormB);
    case Metric::angular: return std::acos(cosineOf(sum, squaredNormA, squaredNormB)) / pi;
    case Metric::annoyAngular: return std::sqrt(2 - 2 * cosineOf(sum, squaredNormA, squaredNormB));
    case Metric::innerProduct: return 0 - sum;
    case Metric::manhattan: return sum;
    case Metric::histogramIntersection: return 1 - sum;
    case Metric::hamming: break;
  }
  return sum / static_cast<double>(dimensions);
}

}  // namespace cbir
