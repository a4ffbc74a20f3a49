// Exact distances: sums in double precision in the order of the coordinates, the same numbers that the scan in TypeScript gives.
#pragma once
#include <cbir/metric.h>

#include <cstddef>
#include <cstdint>

#include "bounds.h"
#include "rows.h"

namespace cbir::flat {

// A row with its distance as it is given out, and the value that it is compared by during the scan (see bounds.h).
struct Hit {
  float distance;
  uint32_t row;
  double value;
};

// Ascending distance, then ascending row.
inline bool isCloser(const Hit& a, const Hit& b) {
  return a.distance < b.distance || (a.distance == b.distance && a.row < b.row);
}

// Σq² in double, in the order of the coordinates.
double squaredNormOf(const float* vector, size_t n);

// One query against any rows.
class ExactQuery {
 public:
  ExactQuery(const Rows& rows, const float* query, double squaredNorm, Measure measure)
      : rows_(&rows), query_(query), squaredNorm_(squaredNorm), measure_(measure) {}

  void evaluate(const uint32_t* rows, size_t count, Hit* hits) const;

 private:
  const Rows* rows_;
  const float* query_;
  double squaredNorm_;
  Measure measure_;
};

}  // namespace cbir::flat
