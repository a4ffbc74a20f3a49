// Candidates: see candidates.h.
#include "candidates.h"

#include <algorithm>

namespace cbir::flat {

namespace {

// Rows beside the k that a list has room for.
constexpr size_t room = 24;
// Rows that a range search collects before it computes their distances.
constexpr size_t rangeRoom = 64;

}  // namespace

Candidates Candidates::nearest(const ExactQuery* exact, const Bounds* bounds, size_t k) {
  Candidates made(exact, bounds);
  made.k_ = k;
  made.capacity_ = k + std::max(k, room);
  return made;
}

Candidates Candidates::within(const ExactQuery* exact, const Bounds* bounds, double radius, float bound) {
  Candidates made(exact, bounds);
  made.ranged_ = true;
  made.radius_ = radius;
  made.bound_ = made.shared_ = bound;
  made.capacity_ = rangeRoom;
  return made;
}

void Candidates::reduce() {
  if (!ranged_ && rows_.size() >= k_ && !bounds_->strict) {
    std::vector<float> sorted(uppers_);
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(k_ - 1), sorted.end());
    shared_ = std::min(shared_, sorted[k_ - 1]);
    lower(shared_);
    dropAbove(bound_);
  }
  if (rows_.size() > k_ + (capacity_ - k_) / 2) resolve();
}

void Candidates::dropAbove(float bound) {
  size_t kept = 0;
  for (size_t i = 0; i < rows_.size(); i++) {
    if (values_[i] > bound) continue;
    rows_[kept] = rows_[i];
    values_[kept] = values_[i];
    uppers_[kept] = uppers_[i];
    kept++;
  }
  rows_.resize(kept);
  values_.resize(kept);
  uppers_.resize(kept);
}

void Candidates::resolve() {
  const size_t before = hits_.size();
  hits_.resize(before + rows_.size());
  exact_->evaluate(rows_.data(), rows_.size(), hits_.data() + before);
  rows_.clear();
  values_.clear();
  uppers_.clear();
  if (ranged_) {
    const double radius = radius_;
    hits_.erase(std::remove_if(hits_.begin() + static_cast<std::ptrdiff_t>(before), hits_.end(),
                               [radius](const Hit& hit) { return !(hit.distance <= radius); }),
                hits_.end());
    return;
  }
  keepClosest();
}

void Candidates::keepClosest() {
  if (hits_.size() < k_) return;
  const auto end = hits_.begin() + static_cast<std::ptrdiff_t>(k_);
  std::nth_element(hits_.begin(), end - 1, hits_.end(), isCloser);
  hits_.erase(end, hits_.end());
  const float bound = bounds_->ofExact(hits_.back().value);
  shared_ = std::min(shared_, bound);
  // Whole numbers: a later row with as many is farther.
  lower(bounds_->strict ? bound - 0.5f : bound);
}

void Candidates::absorb(Candidates& other) {
  lower(other.shared_);
  rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  values_.insert(values_.end(), other.values_.begin(), other.values_.end());
  uppers_.insert(uppers_.end(), other.uppers_.begin(), other.uppers_.end());
  hits_.insert(hits_.end(), other.hits_.begin(), other.hits_.end());
  if (!ranged_) keepClosest();
}

std::vector<Hit>& Candidates::finish() {
  if (!ranged_ && !bounds_->strict && rows_.size() >= k_) {
    std::vector<float> sorted(uppers_);
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(k_ - 1), sorted.end());
    lower(sorted[k_ - 1]);
  }
  // Between lists, and behind rows of another list, only what is farther may go, not what is equal.
  if (!bounds_->strict) dropAbove(bound_);
  resolve();
  std::sort(hits_.begin(), hits_.end(), isCloser);
  return hits_;
}

}  // namespace cbir::flat
