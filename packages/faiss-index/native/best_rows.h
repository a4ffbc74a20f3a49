// BestRows: the k closest rows so far, as a heap with the farthest on top. Of equal values the lower row is closer.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace cbir::faiss_index {

/// A row and what it is ranked by; smaller is closer, and NaN, which sums that overflow can come to, is farther than all.
struct Candidate {
  float value;
  uint32_t row;
  bool operator<(const Candidate& other) const {
    if (value < other.value) return true;
    if (value > other.value) return false;
    const bool none = std::isnan(value);
    const bool otherNone = std::isnan(other.value);
    return none == otherNone ? row < other.row : otherNone;
  }
};

class BestRows {
 public:
  explicit BestRows(size_t k) : k_(k) {}

  /// A value above this cannot enter.
  float bound() const {
    return heap_.size() < k_ || std::isnan(heap_.front().value) ? std::numeric_limits<float>::infinity() : heap_.front().value;
  }

  void offer(float value, uint32_t row) {
    const Candidate candidate{value, row};
    if (heap_.size() < k_) {
      heap_.push_back(candidate);
      std::push_heap(heap_.begin(), heap_.end());
    } else if (candidate < heap_.front()) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.back() = candidate;
      std::push_heap(heap_.begin(), heap_.end());
    }
  }

  void offerAll(const BestRows& other) {
    for (const Candidate& candidate : other.heap_) offer(candidate.value, candidate.row);
  }

  size_t size() const { return heap_.size(); }
  bool full() const { return heap_.size() >= k_; }
  void clear() { heap_.clear(); }

  /// The rows, closest first; none are left.
  std::vector<Candidate> take() {
    std::sort_heap(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  size_t k_;
  std::vector<Candidate> heap_;
};

}  // namespace cbir::faiss_index
