// Spaces: from faiss's own values (squared distances, inner products, counts of bits) to core's distances.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include <cbir/error.h>
#include <cbir/metric.h>

namespace cbir::faiss_index {

/// The metrics that faiss has an index for. Cosine is the inner product of vectors that were brought to length 1.
enum class Space { euclidean, innerProduct, cosine };

inline Space spaceOf(const std::string& name) {
  switch (metricOf(name)) {
    case Metric::euclidean:
      return Space::euclidean;
    case Metric::innerProduct:
      return Space::innerProduct;
    case Metric::cosine:
      return Space::cosine;
    default:
      throw Error("INVALID_CONFIG", "faiss has no metric \"" + name + "\"; it has euclidean, inner-product and cosine.");
  }
}

/// A squared distance or an inner product as it is given out. What rounding or overflow made of it is never NaN.
inline float distanceOf(Space space, float value) {
  if (std::isnan(value)) return INFINITY;
  switch (space) {
    case Space::euclidean:
      return giveOut(std::sqrt(std::max(0.0, static_cast<double>(value))));
    case Space::innerProduct:
      return giveOut(-static_cast<double>(value));
    default:
      return giveOut(1.0 - std::clamp(static_cast<double>(value), -1.0, 1.0));
  }
}

/// The cosine distance that a share of differing signs stands for: hyperplanes at random separate two vectors with the probability angle / π
/// (Charikar, "Similarity estimation techniques from rounding algorithms", 2002).
inline float distanceOfBits(float differing, size_t bits) {
  return giveOut(1.0 - std::cos(M_PI * static_cast<double>(differing) / static_cast<double>(bits)));
}

/// Brings `count` vectors to length 1, in double precision; a zero vector stays one, and so has the cosine 0 to everything.
inline void normalise(float* vectors, size_t count, size_t dimensions) {
  for (size_t i = 0; i < count; i++) {
    float* row = vectors + i * dimensions;
    double sum = 0;
    for (size_t j = 0; j < dimensions; j++) sum += static_cast<double>(row[j]) * row[j];
    if (sum == 0) continue;
    const double scale = 1 / std::sqrt(sum);
    for (size_t j = 0; j < dimensions; j++) row[j] = static_cast<float>(row[j] * scale);
  }
}

}  // namespace cbir::faiss_index
