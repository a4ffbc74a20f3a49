// Candidates: the rows of one query that may be among its neighbours, and the bound that says which others cannot.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "bounds.h"
#include "exact.h"

namespace cbir::flat {

// Rows come with a lower bound v and an upper one of their value. When the list is full it is first cut down by the bounds alone; where they are
// too wide for that, the exact distances are computed. So the answer is exact whatever the bounds are worth, and memory stays small.
class Candidates {
 public:
  // The k closest.
  static Candidates nearest(const ExactQuery* exact, const Bounds* bounds, size_t k);
  // All at a distance ≤ radius; `bound`: what none of them lies above.
  static Candidates within(const ExactQuery* exact, const Bounds* bounds, double radius, float bound);

  // A row with v above this need not be added.
  float bound() const { return bound_; }
  // The bound for rows that are not behind all of those added: it leaves in what is equal.
  float sharedBound() const { return shared_; }
  // Another list of the same query has found this bound.
  void lower(float bound) {
    if (bound < bound_) bound_ = bound;
  }

  // Rows are added in ascending order.
  void add(uint32_t row, float v, float add) {
    rows_.push_back(row);
    values_.push_back(v);
    uppers_.push_back(bounds_->upper(v, add));
    if (rows_.size() >= capacity_) reduce();
  }

  // Takes over what another list of the same query has found.
  void absorb(Candidates& other);
  // Computes what is left to compute and gives the neighbours, closest first.
  std::vector<Hit>& finish();

 private:
  Candidates(const ExactQuery* exact, const Bounds* bounds) : exact_(exact), bounds_(bounds) {}
  void reduce();
  void dropAbove(float bound);
  void resolve();
  void keepClosest();

  const ExactQuery* exact_;
  const Bounds* bounds_;
  size_t k_ = 0;
  bool ranged_ = false;
  double radius_ = 0;
  size_t capacity_ = 0;
  float bound_ = std::numeric_limits<float>::infinity();
  float shared_ = std::numeric_limits<float>::infinity();
  std::vector<uint32_t> rows_;
  std::vector<float> values_;
  std::vector<float> uppers_;
  std::vector<Hit> hits_;
};

}  // namespace cbir::flat
