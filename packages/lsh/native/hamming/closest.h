// Closest: the k closest of the rows that are offered, ties by row, found by counting: there are only bits + 1
// distances.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cbir::lsh {

class Closest {
 public:
  /// `k`: at least 1. `ascending`: rows will be offered in ascending order, so one that ties with the k-th comes too
  /// late. `limit`: only distances below it will be wanted.
  void start(size_t k, size_t bits, bool ascending, uint32_t limit) {
    k_ = k;
    bits_ = bits;
    ascending_ = ascending;
    bound_ = std::min<uint32_t>(limit, static_cast<uint32_t>(bits) + 1);
    limit_ = bound_;
    within_ = 0;
    counts_.assign(bits + 1, 0);
    keys_.clear();
    keys_.reserve(2 * k_ + slack);
  }
  void start(size_t k, size_t bits, bool ascending) { start(k, bits, ascending, static_cast<uint32_t>(bits) + 1); }

  /// Rows at this distance or farther are not wanted any more.
  uint32_t limit() const { return limit_; }
  /// Whether k rows were found, so that `farthest` says something.
  bool full() const { return within_ >= k_; }
  /// The distance of the k-th closest so far.
  uint32_t farthest() const { return bound_ - 1; }

  /// `distance` must be below the limit. No row may come twice.
  void add(uint32_t row, uint32_t distance) {
    if (keys_.size() >= 2 * k_ + slack && full()) compact();
    keys_.push_back(uint64_t{distance} << 32 | row);
    counts_[distance]++;
    if (++within_ < k_) return;
    while (within_ - counts_[bound_ - 1] >= k_) within_ -= counts_[--bound_];
    limit_ = ascending_ ? bound_ - 1 : bound_;
  }

  /// Offers what another one kept.
  void addAll(const Closest& other) {
    for (const uint64_t key : other.keys_) {
      const uint32_t distance = static_cast<uint32_t>(key >> 32);
      if (distance < limit_) add(static_cast<uint32_t>(key), distance);
    }
  }

  /// Writes the k rows that were found, or all where they were fewer, closest first, and the share of differing bits of
  /// each; gives how many.
  size_t write(uint32_t* rows, float* distances) {
    // counts_[d] becomes the place of the next row at the distance d.
    uint32_t before = 0;
    for (uint32_t d = 0; d < bound_; d++) {
      const uint32_t here = counts_[d];
      counts_[d] = before;
      before += here;
    }
    if (!ascending_) keepFirstOfTies();
    for (const uint64_t key : keys_) {
      const uint32_t d = static_cast<uint32_t>(key >> 32);
      if (d >= bound_) continue;
      const uint32_t at = counts_[d]++;
      if (at >= k_) continue;
      rows[at] = static_cast<uint32_t>(key);
    }
    size_t from = 0;
    for (uint32_t d = 0; d < bound_; d++) {
      const size_t to = std::min<size_t>(counts_[d], k_);
      if (!ascending_) std::sort(rows + from, rows + to);
      const float share = static_cast<float>(static_cast<double>(d) / static_cast<double>(bits_));
      for (; from < to; from++) distances[from] = share;
    }
    return std::min(within_, k_);
  }

 private:
  static constexpr size_t slack = 256;

  /// Of the rows at the k-th distance only the first are wanted. They go to the front of their kind.
  void keepFirstOfTies() {
    const uint32_t last = bound_ - 1;
    const auto closer = std::partition(keys_.begin(), keys_.end(), [last](uint64_t key) { return key >> 32 < last; });
    const auto ties = std::partition(closer, keys_.end(), [last](uint64_t key) { return key >> 32 == last; });
    const size_t wanted = k_ - static_cast<size_t>(closer - keys_.begin());
    if (wanted < static_cast<size_t>(ties - closer))
      std::nth_element(closer, closer + static_cast<ptrdiff_t>(wanted), ties);
    keys_.resize(std::min(keys_.size(), k_));
  }

  /// Keeps exactly k.
  void compact() {
    if (!ascending_) {
      keepFirstOfTies();
    } else {
      const uint32_t last = bound_ - 1;
      size_t ties = k_ - (within_ - counts_[last]);
      size_t kept = 0;
      for (const uint64_t key : keys_) {
        const uint32_t d = static_cast<uint32_t>(key >> 32);
        if (d > last || (d == last && ties == 0)) continue;
        ties -= d == last;
        keys_[kept++] = key;
      }
      keys_.resize(kept);
    }
    counts_[bound_ - 1] -= static_cast<uint32_t>(within_ - k_);
    within_ = k_;
  }

  size_t k_ = 0;
  size_t bits_ = 0;
  bool ascending_ = false;
  uint32_t bound_ = 0;   // counts_[bound_ … ] are of rows that are not wanted any more
  uint32_t limit_ = 0;
  size_t within_ = 0;    // kept rows at distances below bound_
  std::vector<uint32_t> counts_;
  std::vector<uint64_t> keys_;  // distance above, row below
};

}  // namespace cbir::lsh
