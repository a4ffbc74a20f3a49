// Core's metrics (packages/core/src/metrics/metric.ts): from a sum over coordinates to the distance that is given out.
#pragma once
#include <cmath>
#include <cstddef>
#include <string_view>

namespace cbir {

enum class Metric {
  euclidean,
  cosine,
  angular,
  annoyAngular,
  innerProduct,
  manhattan,
  histogramIntersection,
  hamming
};

// The sum over coordinates that a metric is made from; its kernels are named after it (see kernels.h).
enum class CoordinateSum { squaredDifference, product, absoluteDifference, minimum, differing };

// The metric of core's name for it ("annoy-angular"). Throws Error INVALID_ARGUMENT for a name that core has not.
Metric metricOf(std::string_view coreName);

// Core's name of a metric.
const char* metricName(Metric metric);

CoordinateSum coordinateSumOf(Metric metric);

// Whether `finish` reads the squared norms Σa² and Σb².
bool usesNorms(Metric metric);

// The distance from the sum over coordinates. `squaredNormA` and `squaredNormB` are read by cosine, angular and annoy-angular
// alone, where a zero vector has the cosine 0 to everything. For a vector and itself the cosine is exactly 1 if `sum` and both
// norms are the same double (as productExact and squaredNormExact of one table give).
double finish(Metric metric, double sum, double squaredNormA, double squaredNormB, size_t dimensions);

// A distance as it is given out: rounded to float32 (±infinity beyond its range), never −0.
inline float giveOut(double distance) {
  return static_cast<float>(distance) + 0.0f;
}

}  // namespace cbir
