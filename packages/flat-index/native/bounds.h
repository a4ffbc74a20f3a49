// Bounds: where the exact value of a row can be, when a sum of floats says it is about v; one for each query.
//
// Rows of a query are compared by a value that rises with the distance (its `Measure` says which one). A scan computes for each row a float v such that the exact value is at
// least v − c and at most v + perAdd · add + constant − c, with one c for all rows; so a row with v above the k-th smallest upper(v) cannot be
// among the k closest. What differs by less than the rounding of a distance to float32 counts as equal, since of equal distances the
// lower row wins.
#pragma once
#include <cbir/metric.h>

#include <cstddef>

namespace cbir::flat {

// How v is made of the sum s over coordinates that a kernel gives.
enum class Measure {
  sum,       // v = s: euclidean (squares), manhattan, hamming
  terms,     // v = multiply · s + scale · add (see RowTerms): what is made of a product or of minima
  coded,     // v is a lower bound made of codes (see codes.h)
};

struct Bounds {
  Measure measure = Measure::sum;
  bool strict = false;   // v is exact: of rows with the same v the lower wins, so a later one can be left out
  float scale = 0;
  double perAdd = 0;
  double constant = 0;
  double relative = 0;
  double offset = 0;         // v + offset is what the distance is made from
  double exactConstant = 0;
  double shift = 0;          // by which v lies above the value, for all rows

  // The number that kth smallest is the bound. Infinity where there is none.
  float upper(float v, float add) const;
  // The bound that a row at this exact value gives.
  float ofExact(double value) const;
};

// For sums over coordinates of floats with so many roundings; `squaredNorm` and `absolute`: Σq² and Σ|q|.
Bounds boundsOf(Metric metric, Measure measure, double roundings, size_t dimensions, double squaredNorm, double absolute);

// The exact value of a row: from its sum, the squared norms of query and row.
double valueOf(Metric metric, Measure measure, double sum, double squaredNormQuery, double squaredNormRow);

// A value that no row at a distance ≤ `radius` lies above; −infinity where there can be none.
double valueAt(Metric metric, Measure measure, double radius, double squaredNormQuery, size_t dimensions);

}  // namespace cbir::flat
