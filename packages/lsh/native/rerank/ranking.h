// Ranking: the k vectors that are closest to one query, by core's metrics in double precision.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/kernels.h>
#include <cbir/metric.h>
#include <cbir/neighbours.h>
#include <cbir/task.h>

#include "vector_rows.h"

namespace cbir::lsh {

class Ranking {
 public:
  Ranking(Metric metric, size_t dimensions, size_t k);

  /// Begins with another query of `dimensions` numbers, which must stay until `finish`.
  void start(const float* query);
  /// Takes the vector of a row into account. `squaredNorm` is read where the metric uses norms.
  void add(uint32_t row, const float* vector, double squaredNorm) {
    const double sum = sum_(query_, vector, dimensions_);
    const double key = keyOf(sum, squaredNorm);
    if (heap_.size() == k_ && !(key < heap_.front().key)) return;
    push({key, sum, squaredNorm, row});
  }
  /// Writes the closest, at most k, closest first, ties by row; gives how many.
  size_t finish(uint32_t* rows, float* distances);

 private:
  /// A number that orders as the distance does, without its roots and arcs.
  enum class Key { sum, negated, cosine };
  struct Candidate {
    double key;
    double sum;
    double squaredNorm;
    uint32_t row;
  };

  double keyOf(double sum, double squaredNorm) const;
  void push(const Candidate& candidate);

  Metric metric_;
  Key key_;
  size_t dimensions_;
  size_t k_;
  ExactKernel sum_;
  const float* query_ = nullptr;
  double squaredNorm_ = 0;
  std::vector<Candidate> heap_;
  std::vector<std::pair<float, uint32_t>> hits_;
};

/// Answers one query from the rows `candidates[0 … count)`. Rows that are not there are left out. Gives how many were found.
size_t rankRows(const VectorRows& rows, Ranking& ranking, const float* query, const uint32_t* candidates, size_t count, uint32_t* found,
                float* distances);

/// Answers one query from vectors that stand one behind the other, the i-th being that of row `candidates[i]`.
size_t rankVectors(Metric metric, size_t dimensions, Ranking& ranking, const float* query, const float* vectors, const uint32_t* candidates,
                   size_t count, uint32_t* found, float* distances);

/// Answers the queries `begin … end` from every row, or every allowed one. The answer to query i is written at i · k; `counts[i]` is its length.
void scanRows(const VectorRows& rows, const float* queries, size_t begin, size_t end, size_t k, const Bitmap* allow, Neighbours& found,
              uint32_t* counts, const Control* control);

}  // namespace cbir::lsh
