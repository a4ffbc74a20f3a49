// CodeSpace: see code_space.h.
#include "code_space.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <cbir/error.h>

namespace cbir::hnsw {

namespace {
/// Share of all values that may be cut at each end: a few far values must not cost all others their resolution.
constexpr double cutShare = 0.0005;

/// The order of the comparisons sends NaN (of an overflow) to 0. No branch, so that loops over it are vectors.
inline uint8_t codeOf(float value) {
  const float least = value > 0.0f ? value : 0.0f;
  const float cut = least < 255.0f ? least : 255.0f;
  return static_cast<uint8_t>(static_cast<int32_t>(cut + 0.5f));
}
}  // namespace

CodeSpace::CodeSpace(Metric metric, size_t dimensions) : dimensions_(dimensions) {
  if (metric == Metric::hamming) {
    throw Error("INVALID_CONFIG",
                "8-bit codes are not there for the metric hamming, where near values differ as much as far ones. Use codes: 'none'.");
  }
  if (dimensions > maxByteDimensions) {
    throw Error("INVALID_CONFIG", "8-bit codes go up to " + std::to_string(maxByteDimensions) + " dimensions; these vectors have " +
                                      std::to_string(dimensions) + ". Use codes: 'none'.");
  }
  switch (metric) {
    case Metric::innerProduct:
      kernel_ = kernels().dotU8;
      products_ = true;
      break;
    case Metric::manhattan:
      kernel_ = kernels().manhattanU8;
      break;
    case Metric::histogramIntersection:
      kernel_ = kernels().minimumSumU8;
      negated_ = true;
      break;
    default:  // cosine and its kin order as the euclidean distance of the normalised
      kernel_ = kernels().squaredEuclideanU8;
  }
  sumOffset_ = (dimensions + 3) / 4 * 4;
  lows_.assign(dimensions, 0.0f);
}

void CodeSpace::fitTo(const std::vector<float>& sample, size_t count) {
  if (count == 0) return;
  // Centred on each coordinate's mean, the spread that all but a few values keep within.
  std::vector<double> means(dimensions_, 0.0);
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < dimensions_; j++) means[j] += sample[i * dimensions_ + j];
  for (double& mean : means) mean /= static_cast<double>(count);
  std::vector<float> below(sample.size());
  for (size_t i = 0; i < sample.size(); i++) below[i] = static_cast<float>(sample[i] - means[i % dimensions_]);
  const size_t cut = static_cast<size_t>(static_cast<double>(below.size()) * cutShare);
  std::nth_element(below.begin(), below.begin() + static_cast<std::ptrdiff_t>(cut), below.end());
  const double low = below[cut];
  const size_t top = below.size() - 1 - cut;
  std::nth_element(below.begin(), below.begin() + static_cast<std::ptrdiff_t>(top), below.end());
  const double range = static_cast<double>(below[top]) - low;
  // Equal vectors, or values so far apart that their range is no float: any scale that is a number will do.
  const double scale = range > 0 ? 255.0 / range : 1.0;
  scale_ = static_cast<float>(std::clamp(scale, 1e-30, 1e30));
  for (size_t j = 0; j < dimensions_; j++) lows_[j] = static_cast<float>(means[j] + low);
}

size_t CodeSpace::encode(const Space& space, const void* row, uint8_t* codes) const {
  const float* const values = static_cast<const float*>(row);
  const float factor = space.form() == KeyForm::cosine ? space.norms(row).inverse : 1.0f;
  uint32_t sum = 0;
  uint32_t cut = 0;
  for (size_t j = 0; j < dimensions_; j++) {
    const float place = (values[j] * factor - lows_[j]) * scale_;
    codes[j] = codeOf(place);
    sum += codes[j];
    cut += (place < -0.5f) | (place > 255.5f);
  }
  if (products_) std::memcpy(codes + sumOffset_, &sum, sizeof sum);
  return cut;
}

CodeQuery CodeSpace::encodeQuery(const Space& space, const void* row, uint8_t* codes) const {
  if (!products_) {
    encode(space, row, codes);
    return {codes, 0, 0};
  }
  // x_j ≈ low_j + code_j / scale and q_j ≈ least + byte_j / step: Σ q_j x_j = const + (least Σcode + Σ byte·code / step) / scale.
  const float* const values = static_cast<const float*>(row);
  const auto [least, most] = std::minmax_element(values, values + dimensions_);
  const float range = *most - *least;
  const float step = range > 0 && range <= std::numeric_limits<float>::max() ? 255.0f / range : 1.0f;
  for (size_t j = 0; j < dimensions_; j++) codes[j] = codeOf((values[j] - *least) * step);
  return {codes, *least, 1.0f / step};
}

}  // namespace cbir::hnsw
