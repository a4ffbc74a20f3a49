// Ranking: the k vectors that are closest to one query, by core's metrics in double precision. Where sums in float say
// for certain that a candidate is none of them, they spare the rest: half of the time.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
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

  /// Whether sums in float tell candidates apart: their error is bounded, and there are enough to be worth it.
  bool canSift(size_t count) const { return sifts_ && count > 4 * k_; }
  /// Makes room for the bounds of `count` candidates.
  void beginSift(size_t count) {
    lower_.resize(count);
    upper_.resize(count);
  }
  /// Bounds the key of the i-th candidate by its sum in float.
  void sift(size_t i, const float* vector, double squaredNorm) {
    const double sum = floatSum_(query_, vector, dimensions_);
    double key = sum;
    double error = relative_ * sum + absolute_;
    if (key_ == Key::cosine) {
      const double norms = std::sqrt(squaredNorm * squaredNorm_);
      key = norms > 0 ? -sum / norms : 0;
      error = norms > 0 ? relative_ + absolute_ / norms : 0;
    }
    // What has left float's range says nothing.
    const bool known = std::isfinite(key) && std::isfinite(error);
    lower_[i] = known ? key - error : -std::numeric_limits<double>::infinity();
    upper_[i] = known ? key + error : std::numeric_limits<double>::infinity();
  }
  /// The numbers of the candidates that may be among the closest.
  const std::vector<uint32_t>& sifted();

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
  FloatKernel floatSum_;
  bool sifts_;
  /// The error of a sum in float: a share of the sum of its terms' sizes, and what underflow may take.
  double relative_;
  double absolute_;
  std::vector<double> lower_;
  std::vector<double> upper_;
  std::vector<double> sorted_;
  std::vector<uint32_t> left_;
  const float* query_ = nullptr;
  double squaredNorm_ = 0;
  std::vector<Candidate> heap_;
  std::vector<std::pair<float, uint32_t>> hits_;
};

/// Answers one query from the rows `candidates[0 … count)`. Gives how many were found. @throws INVALID_ARGUMENT for a
/// row that is not there
size_t rankRows(const VectorRows& rows, Ranking& ranking, const float* query, const uint32_t* candidates, size_t count,
                uint32_t* found, float* distances);

/// Answers one query from vectors that stand one behind the other, the i-th being that of row `candidates[i]`.
size_t rankVectors(Metric metric, size_t dimensions, Ranking& ranking, const float* query, const float* vectors,
                   const uint32_t* candidates, size_t count, uint32_t* found, float* distances);

/// Answers the queries `begin … end` from every row, or every allowed one. The answer to query i is written at i · k;
/// `counts[i]` is its length.
void scanRows(const VectorRows& rows, const float* queries, size_t begin, size_t end, size_t k, const Bitmap* allow,
              Neighbours& found, uint32_t* counts, const Control* control);

}  // namespace cbir::lsh
