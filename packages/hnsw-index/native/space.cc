// Space: see space.h.
#include "space.h"

#include <cmath>

namespace cbir::hnsw {

KeyForm keyFormOf(Metric metric) {
  if (usesNorms(metric)) return KeyForm::cosine;
  const CoordinateSum sum = coordinateSumOf(metric);
  return sum == CoordinateSum::product || sum == CoordinateSum::minimum ? KeyForm::negated : KeyForm::sum;
}

namespace {
constexpr size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }
}  // namespace

Space::Space(Metric metric, size_t dimensions)
    : metric_(metric),
      form_(keyFormOf(metric)),
      dimensions_(dimensions),
      normsOffset_(roundUp(dimensions * sizeof(float), alignof(double))),
      rowBytes_(usesNorms(metric) ? normsOffset_ + sizeof(Norms) : dimensions * sizeof(float)),
      sum_(kernels().ofSum(coordinateSumOf(metric))),
      exactSum_(kernels().exactOfSum(coordinateSumOf(metric))),
      key_(form_ == KeyForm::sum       ? keyOf<KeyForm::sum>
           : form_ == KeyForm::negated ? keyOf<KeyForm::negated>
                                       : keyOf<KeyForm::cosine>) {}

void Space::store(const float* vector, void* row) const {
  std::memcpy(row, vector, dimensions_ * sizeof(float));
  if (form_ != KeyForm::cosine) return;
  Norms norms{kernels().squaredNormExact(vector, dimensions_), 0, 0};
  if (norms.squared > 0) norms.inverse = static_cast<float>(1 / std::sqrt(norms.squared));
  char* tail = static_cast<char*>(row) + dimensions_ * sizeof(float);
  std::memset(tail, 0, normsOffset_ - dimensions_ * sizeof(float));
  std::memcpy(static_cast<char*>(row) + normsOffset_, &norms, sizeof norms);
}

Norms Space::norms(const void* row) const {
  Norms norms{0, 0, 0};
  if (form_ == KeyForm::cosine) std::memcpy(&norms, static_cast<const char*>(row) + normsOffset_, sizeof norms);
  return norms;
}

double Space::distance(const void* a, const void* b) const {
  const double sum = exactSum_(static_cast<const float*>(a), static_cast<const float*>(b), dimensions_);
  return finish(metric_, sum, norms(a).squared, norms(b).squared, dimensions_);
}

template <KeyForm form>
float Space::keyOf(const void* a, const void* b, const void* of) {
  const Space& space = *static_cast<const Space*>(of);
  const float sum = space.sum_(static_cast<const float*>(a), static_cast<const float*>(b), space.dimensions_);
  if constexpr (form == KeyForm::sum) return sum;
  if constexpr (form == KeyForm::negated) return orderedKey(-sum);
  return orderedKey(-sum * space.norms(a).inverse * space.norms(b).inverse);
}

}  // namespace cbir::hnsw
