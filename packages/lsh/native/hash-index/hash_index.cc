// HashIndex: see hash_index.h.
#include "hash_index.h"

#include <algorithm>

#include "linear_scan.h"

namespace cbir::lsh {

namespace {
/// With so much doubt searches are spared, but one of so many, by which it is seen whether that is still right.
constexpr uint32_t manyDoubts = 4;
constexpr uint32_t mostDoubts = 16;
constexpr uint32_t triedAgain = 16;
}  // namespace

class HashIndex::Lent {
 public:
  explicit Lent(const HashIndex& index) : index_(index) {
    std::lock_guard<std::mutex> lock(index.mutex_);
    if (index.scratch_.empty()) {
      scratch_ = std::make_unique<Scratch>();
    } else {
      scratch_ = std::move(index.scratch_.back());
      index.scratch_.pop_back();
    }
  }
  ~Lent() {
    try {
      std::lock_guard<std::mutex> lock(index_.mutex_);
      index_.scratch_.push_back(std::move(scratch_));
    } catch (...) {
      // Without memory for the list it is freed.
    }
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  Scratch& operator*() const { return *scratch_; }

 private:
  const HashIndex& index_;
  std::unique_ptr<Scratch> scratch_;
};

HashIndex::HashIndex(const HashIndexSettings& settings, const HammingKernels& kernels)
    : settings_(settings), kernels_(kernels), rows_(settings.bits, settings.blockBytes) {}

void HashIndex::commit(const uint32_t* rows, size_t count) {
  if (structure_) {
    added_.reserve(added_.size() + count);
    for (size_t i = 0; i < count; i++) {
      // One that was freed meanwhile is in the list already.
      if (isAdded_.has(rows[i])) continue;
      isAdded_.add(rows[i]);
      added_.push_back(rows[i]);
    }
  }
  rows_.commit(rows, count);
}

void HashIndex::free(const uint32_t* rows, size_t count) {
  rows_.free(rows, count);
  for (size_t i = 0; i < count; i++) current_.remove(rows[i]);
  freed_ += count;
}

bool HashIndex::wantsStructure() const {
  const size_t count = rows_.count();
  if (settings_.kind == HashIndexKind::linear || count < settings_.smallest) return false;
  return !structure_ || added_.size() > std::max(settings_.smallest, count / 32) || freed_ > count;
}

void HashIndex::makeStructure(const Check& check) {
  std::unique_ptr<Structure> made = settings_.kind == HashIndexKind::multiIndex
                                        ? buildMultiIndex(rows_, settings_.substrings, check)
                                        : buildBallTree(rows_, settings_.leafSize, settings_.seed, kernels_, check);
  RowSet current;
  for (size_t row = 0; row < rows_.size(); row++) {
    if (rows_.isLive(row)) current.add(row);
  }
  structure_ = std::move(made);
  std::swap(current_, current);
  added_.clear();
  isAdded_.clear();
  freed_ = 0;
  for (Doubt& doubt : doubts_) doubt.level.store(0, std::memory_order_relaxed);
}

void HashIndex::search(const uint64_t* query, size_t k, uint32_t* rows, float* distances) const {
  const Lent lent(*this);
  Scratch& scratch = *lent;
  if (!searchStructure(query, k, scratch)) {
    Closest& closest = scratch.closest;
    // What was found so far tells how far the k-th is at most.
    const bool known = structure_ && closest.full();
    closest.start(k, rows_.bits(), true, known ? closest.farthest() + 1 : static_cast<uint32_t>(rows_.bits()) + 1);
    scanRows(rows_, kernels_, query, 0, rows_.size(), closest);
  }
  scratch.closest.write(rows, distances);
}

bool HashIndex::searchStructure(const uint64_t* query, size_t k, Scratch& scratch) const {
  if (!structure_) return false;
  const double scan = static_cast<double>(rows_.size()) * scanNanoseconds(rows_.words());
  const Searched in{rows_, kernels_, current_, settings_.patience * scan};
  scratch.closest.start(k, rows_.bits(), false, structure_->reach(in) + 1);
  size_t sizeOfK = 0;
  while ((k >> sizeOfK) > 1) sizeOfK++;
  Doubt& doubt = doubts_[std::min(sizeOfK, doubts_.size() - 1)];
  const uint32_t level = doubt.level.load(std::memory_order_relaxed);
  if (level >= manyDoubts && doubt.spared.fetch_add(1, std::memory_order_relaxed) % triedAgain != 0) return false;
  for (const uint32_t row : added_) {
    if (!rows_.isLive(row)) continue;
    const uint32_t d = kernels_.distance(rows_.code(row), query, rows_.words());
    if (d < scratch.closest.limit()) scratch.closest.add(row, d);
  }
  const bool found = structure_->search(in, query, scratch);
  // One that took a good part of a scan's time has not gained much; a quick one makes up for several.
  const uint32_t gain = scratch.spent > in.budget / 2 ? 0 : 4;
  const uint32_t now = found ? level - std::min(level, gain) : std::min(level + 1, mostDoubts);
  doubt.level.store(now, std::memory_order_relaxed);
  return found;
}

}  // namespace cbir::lsh
