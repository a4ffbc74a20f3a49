// LinearSearch: see linear_search.h.
#include "linear_search.h"

#include <algorithm>

#include "linear_scan.h"

namespace cbir::lsh {

namespace {
constexpr size_t mostQueries = 32;
// Of a part that several queries share: it stays in the second cache meanwhile.
constexpr size_t sharedBytes = size_t{1} << 18;
// Of a part that one query has for itself: a tenth of a millisecond.
constexpr size_t ownBytes = size_t{2} << 20;
}  // namespace

LinearSearch::LinearSearch(const CodeRows& rows, const HammingKernels& kernels, const uint64_t* queries, size_t count,
                           size_t k, size_t workers)
    : rows_(rows), kernels_(kernels), queries_(queries), k_(k), found_(Neighbours::fixed(count, k)) {
  const size_t partBytes = count > 1 ? sharedBytes : ownBytes;
  rowsPerPart_ = std::max<size_t>(64, partBytes / (rows.words() * 8) / 64 * 64);
  parts_ = std::max<size_t>(1, (rows.size() + rowsPerPart_ - 1) / rowsPerPart_);
  for (size_t first = 0; first < count; first += mostQueries) {
    auto group = std::make_unique<Group>();
    group->first = first;
    group->count = std::min(mostQueries, count - first);
    group->open = parts_;
    group->lanes.resize(workers);
    groups_.push_back(std::move(group));
  }
}

void LinearSearch::run(size_t begin, size_t end, size_t worker) {
  for (size_t piece = begin; piece < end; piece++) {
    Group& group = *groups_[piece / parts_];
    const size_t from = piece % parts_ * rowsPerPart_;
    const size_t to = std::min(rows_.size(), from + rowsPerPart_);
    std::vector<Closest>& lane = group.lanes[worker];
    if (lane.empty()) {
      lane.resize(group.count);
      for (Closest& closest : lane) closest.start(k_, rows_.bits(), true);
    }
    for (size_t i = 0; i < group.count; i++) {
      scanRows(rows_, kernels_, queries_ + (group.first + i) * rows_.words(), from, to, lane[i]);
    }
    if (group.open.fetch_sub(1) == 1) finish(group);
  }
}

void LinearSearch::finish(Group& group) {
  std::vector<std::vector<Closest>*> filled;
  for (auto& lane : group.lanes) {
    if (!lane.empty()) filled.push_back(&lane);
  }
  for (size_t i = 0; i < group.count; i++) {
    const size_t at = (group.first + i) * k_;
    Closest* all = &(*filled[0])[i];
    Closest merged;
    if (filled.size() > 1) {
      merged.start(k_, rows_.bits(), false);
      for (const auto* lane : filled) merged.addAll((*lane)[i]);
      all = &merged;
    }
    all->write(found_.rows.data() + at, found_.distances.data() + at);
  }
  group.lanes.clear();
}

}  // namespace cbir::lsh
