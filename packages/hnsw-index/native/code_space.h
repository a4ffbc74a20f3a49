// CodeSpace: vectors as 8-bit codes, one byte a coordinate, and keys between codes that order rows nearly as the distance does.
//
// A coordinate's code is (x − low_j) · scale, rounded and cut to a byte. The scale is one for all coordinates, so that differences of codes are
// those of the vectors; the lows differ, as they cancel out of differences and of minima, and out of products but for a constant of the query.
// What the codes get wrong, cut values included, the comparison of the best with their vectors mends.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <cbir/kernels.h>

#include "space.h"

namespace cbir::hnsw {

/// A query in codes. For inner products the query has a scale of its own, and the key is −(sumWeight · Σcode + productWeight · Σ code·code).
struct CodeQuery {
  const uint8_t* codes;
  float sumWeight;
  float productWeight;
};

class CodeSpace {
 public:
  CodeSpace() = default;
  /// @throws Error INVALID_CONFIG (a metric without codes, too many dimensions)
  CodeSpace(Metric metric, size_t dimensions);

  bool present() const { return kernel_ != nullptr; }
  /// Whether the key is made of products, and a row's codes are followed by their sum.
  bool products() const { return products_; }
  bool negated() const { return negated_; }
  ByteKernel kernel() const { return kernel_; }
  size_t dimensions() const { return dimensions_; }
  /// Bytes of a row's codes, the sum included.
  size_t rowBytes() const { return present() ? sumOffset_ + (products_ ? sizeof(uint32_t) : 0) : 0; }
  size_t sumOffset() const { return sumOffset_; }

  /// Chooses lows and scale from `count` rows, `row(i)` giving the address of each.
  template <class Row>
  void fit(const Space& space, size_t count, const Row& row);
  /// Makes the codes of a row, which has its norms behind it where the metric reads them; gives how many coordinates were cut.
  size_t encode(const Space& space, const void* row, uint8_t* codes) const;
  CodeQuery encodeQuery(const Space& space, const void* row, uint8_t* codes) const;

 private:
  void fitTo(const std::vector<float>& sample, size_t count);

  size_t dimensions_ = 0;
  size_t sumOffset_ = 0;
  bool products_ = false;
  bool negated_ = false;
  ByteKernel kernel_ = nullptr;
  std::vector<float> lows_;
  float scale_ = 1;
};

/// Numbers looked at for a fit, in rows spread evenly: enough for a scale.
constexpr size_t fitSample = size_t{1} << 22;

template <class Row>
void CodeSpace::fit(const Space& space, size_t count, const Row& row) {
  const size_t sampled = std::min(count, fitSample / dimensions_ + 1);
  std::vector<float> sample(sampled * dimensions_);
  for (size_t i = 0; i < sampled; i++) {
    const void* const from = row(i * count / sampled);
    const float factor = space.form() == KeyForm::cosine ? space.norms(from).inverse : 1.0f;
    const float* const values = static_cast<const float*>(from);
    for (size_t j = 0; j < dimensions_; j++) sample[i * dimensions_ + j] = values[j] * factor;
  }
  fitTo(sample, sampled);
}

}  // namespace cbir::hnsw
