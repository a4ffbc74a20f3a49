// Exact distances: see exact.h. Compiled without contraction of products and sums (-ffp-contract=off), as JavaScript computes.
#include "exact.h"

#include <algorithm>
#include <cmath>

namespace cbir::flat {

namespace {

constexpr size_t together = 4;

// The sums of four rows: each waits for itself only.
template <class Term>
void sumFour(const float* const* rows, const float* query, size_t n, Term term, double* sums) {
  const float* a = rows[0];
  const float* b = rows[1];
  const float* c = rows[2];
  const float* d = rows[3];
  double sa = 0, sb = 0, sc = 0, sd = 0;
  for (size_t j = 0; j < n; j++) {
    const double q = query[j];
    sa += term(a[j], q);
    sb += term(b[j], q);
    sc += term(c[j], q);
    sd += term(d[j], q);
  }
  sums[0] = sa;
  sums[1] = sb;
  sums[2] = sc;
  sums[3] = sd;
}

void sumFourOf(CoordinateSum kind, const float* const* rows, const float* query, size_t n, double* sums) {
  switch (kind) {
    case CoordinateSum::squaredDifference:
      return sumFour(rows, query, n, [](double x, double q) { return (x - q) * (x - q); }, sums);
    case CoordinateSum::product:
      return sumFour(rows, query, n, [](double x, double q) { return x * q; }, sums);
    case CoordinateSum::absoluteDifference:
      return sumFour(rows, query, n, [](double x, double q) { return std::fabs(x - q); }, sums);
    case CoordinateSum::minimum:
      return sumFour(rows, query, n, [](double x, double q) { return x < q ? x : q; }, sums);
    case CoordinateSum::differing:
      return sumFour(rows, query, n, [](double x, double q) { return x == q ? 0.0 : 1.0; }, sums);
  }
}

}  // namespace

double squaredNormOf(const float* vector, size_t n) {
  double sum = 0;
  for (size_t j = 0; j < n; j++) sum += static_cast<double>(vector[j]) * vector[j];
  return sum;
}

void ExactQuery::evaluate(const uint32_t* rows, size_t count, Hit* hits) const {
  const Metric metric = rows_->metric();
  const size_t n = rows_->dimensions();
  for (size_t i = 0; i < count; i += together) {
    const size_t here = std::min(together, count - i);
    const float* at[together];
    for (size_t j = 0; j < together; j++) at[j] = rows_->row(rows[i + std::min(j, here - 1)]);
    double sums[together];
    sumFourOf(coordinateSumOf(metric), at, query_, n, sums);
    for (size_t j = 0; j < here; j++) {
      const uint32_t row = rows[i + j];
      const double norm = rows_->squaredNorm(row);
      hits[i + j] = {giveOut(finish(metric, sums[j], squaredNorm_, norm, n)), row, valueOf(metric, measure_, sums[j], squaredNorm_, norm)};
    }
  }
}

}  // namespace cbir::flat
