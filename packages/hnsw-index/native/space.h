// Space: core's metrics as hnswlib sees them, a float that orders rows as the distance does ("key"), made with the kit's kernels.
#pragma once

#include <cstddef>
#include <cstring>

#include <cbir/kernels.h>
#include <cbir/metric.h>

#include "hnswlib_headers.h"

namespace cbir::hnsw {

/// How the key follows from the sum over coordinates: the sum itself, its negative, or the negative cosine.
enum class KeyForm { sum, negated, cosine };

KeyForm keyFormOf(Metric metric);

/// What stands behind a row's vector where the metric reads norms.
struct Norms {
  double squared;        // Σa² in double
  float inverse;         // 1/√Σa², or 0 for a zero vector
  float reserved;
};

/// Keys never are NaN: a heap or a sort over them must not lose its order.
inline float orderedKey(float key) {
  return key == key ? key : std::numeric_limits<float>::max();
}

/// A row is `dimensions` floats, and Norms behind them where the metric reads norms.
class Space final : public hnswlib::SpaceInterface<float> {
 public:
  Space(Metric metric, size_t dimensions);

  size_t get_data_size() override { return rowBytes_; }
  hnswlib::DISTFUNC<float> get_dist_func() override { return key_; }
  void* get_dist_func_param() override { return this; }

  Metric metric() const { return metric_; }
  KeyForm form() const { return form_; }
  size_t dimensions() const { return dimensions_; }
  size_t rowBytes() const { return rowBytes_; }
  FloatKernel sum() const { return sum_; }

  /// Makes a row of a vector. `row` has room for rowBytes().
  void store(const float* vector, void* row) const;
  /// The norms of a row; zeros where the metric reads none.
  Norms norms(const void* row) const;
  /// Core's distance of two rows, in double precision.
  double distance(const void* a, const void* b) const;

 private:
  template <KeyForm form>
  static float keyOf(const void* a, const void* b, const void* space);

  Metric metric_;
  KeyForm form_;
  size_t dimensions_;
  size_t normsOffset_;
  size_t rowBytes_;
  FloatKernel sum_;
  ExactKernel exactSum_;
  hnswlib::DISTFUNC<float> key_;
};

}  // namespace cbir::hnsw
