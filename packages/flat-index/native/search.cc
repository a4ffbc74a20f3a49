// Search: see search.h.
#include "search.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "rounding.h"

namespace cbir::flat {

namespace {

// Queries that are answered together: enough that packing the rows costs nothing, few enough that their lists stay small.
constexpr size_t groupQueries = 1024;
// Neighbours that the lists of a group are made for.
constexpr size_t groupNeighbours = size_t{1} << 20;
// From so many queries on, tiles are faster than passes over the rows: packing the rows takes as long as ten queries.
constexpr size_t tilesFrom = 24;
// Up to so many queries, codes are faster than passes over the floats. Products with bytes are cheaper to compute, too.
size_t codesUpTo(Storage storage, Metric metric) {
  return storage == Storage::int8 && familyOf(metric) != Family::absolute ? tilesFrom : 2;
}
// Bytes of packed rows: they stay in the second cache.
constexpr size_t panelBytes = size_t{320} << 10;
// Numbers of a piece: of one query a tenth of a millisecond, as threads should end at the same time; of a batch about one.
constexpr double pieceNumbers = 1e6;
constexpr double pieceProducts = 80e6;

size_t roundedUp(size_t n, size_t to) { return (n + to - 1) / to * to; }

}  // namespace

// Queries that are answered together, and what all threads know of them.
struct Search::Group {
  size_t first = 0;
  size_t count = 0;
  std::once_flag once;
  std::atomic<size_t> left{0};
  std::vector<std::unique_ptr<Lane>> lanes;  // by worker
  // Below: written once, by prepare.
  std::unique_ptr<float[]> memory;
  float* padded = nullptr;  // rows of stride() numbers, zeros behind each
  float* coded = nullptr;   // the same as they are compared with codes
  int16_t* integers = nullptr;
  float* packed = nullptr;  // panels of tileQueries
  std::vector<ExactQuery> exact;
  std::vector<Bounds> bounds;
  std::vector<float> scales;
  std::vector<CodedQuery> codes;
  std::unique_ptr<std::atomic<float>[]> shared;  // the lowest bound of any worker
};

// What one worker has found for a group.
struct Search::Lane {
  std::vector<Candidates> lists;
  std::vector<float> bounds;
};

struct Search::Scratch {
  std::vector<uint32_t> places;
  Pages memory;
  float* panels = nullptr;
  alignas(64) float sums[queriesPerPass * rowsPerStep];
  alignas(64) float multiply[rowsPerStep];
  alignas(64) float add[rowsPerStep];
  alignas(64) float level[rowsPerStep];
  alignas(64) float residual[rowsPerStep];
  uint32_t which[rowsPerStep];
  std::vector<float> panelMultiply;
  std::vector<float> panelAdd;
};

Search::Search(const Rows& rows, const Question& question, const ScanKernels& kernels, size_t workers, const Way* force)
    : rows_(rows), question_(question), kernels_(kernels), workers_(std::max<size_t>(1, workers)) {
  const size_t most = std::clamp<size_t>(groupNeighbours / std::max<size_t>(1, question.k), tilesFrom, groupQueries);
  const size_t groups = (question.count + most - 1) / most;
  const size_t each = groups == 0 ? 0 : (question.count + groups - 1) / groups;
  way_ = wayOf(each, force);

  const size_t perBlock = rows.rowsPerBlock();
  // A batch by way of passes takes longer for a number than one query does.
  const double products = way_ == Way::tiles ? pieceProducts : way_ == Way::codes ? 4 * pieceNumbers : pieceNumbers * (each == 1 ? 1 : 8);
  const double wanted = products / (static_cast<double>(std::max<size_t>(1, each)) * static_cast<double>(rows.stride()));
  const size_t atLeast = way_ == Way::tiles ? 96 : rowsPerStep;
  size_t perPart = perBlock;
  if (wanted < static_cast<double>(perBlock)) {
    perPart = std::min(perBlock, roundedUp(std::max(atLeast, static_cast<size_t>(wanted)), atLeast));
  }
  for (size_t block = 0; block * perBlock < rows.count(); block++) {
    const size_t here = std::min(perBlock, rows.count() - block * perBlock);
    for (size_t from = 0; from < here; from += perPart) parts_.push_back({block, from, std::min(here, from + perPart)});
  }
  for (size_t first = 0; first < question.count; first += each) {
    auto group = std::make_unique<Group>();
    group->first = first;
    group->count = std::min(each, question.count - first);
    group->left = parts_.size();
    group->lanes.resize(workers_);
    groups_.push_back(std::move(group));
  }
  scratch_.resize(workers_);
  found_.resize(question.count);
}

Search::~Search() = default;

Way Search::wayOf(size_t queries, const Way* force) const {
  if (force != nullptr) return *force;
  const CoordinateSum sum = coordinateSumOf(rows_.metric());
  if (rows_.storage() != Storage::float32 && queries <= codesUpTo(rows_.storage(), rows_.metric())) return Way::codes;
  if (queries >= tilesFrom && (sum == CoordinateSum::product || sum == CoordinateSum::squaredDifference)) return Way::tiles;
  return queries == 1 ? Way::rows : Way::several;
}

Measure Search::plainMeasure(Way way) const {
  switch (coordinateSumOf(rows_.metric())) {
    case CoordinateSum::product:
    case CoordinateSum::minimum: return Measure::terms;
    case CoordinateSum::squaredDifference: return way == Way::tiles ? Measure::terms : Measure::sum;
    default: return Measure::sum;
  }
}

void Search::prepare(Group& group) const {
  const size_t n = rows_.dimensions();
  const size_t stride = rows_.stride();
  const size_t tile = kernels_.tileQueries;
  const bool tiles = way_ == Way::tiles;
  const bool codes = way_ == Way::codes;
  const size_t places = roundedUp(group.count, tiles ? tile : queriesPerPass);
  // With codes: two times as floats, and once as 16-bit integers.
  group.memory.reset(new float[places * stride * (codes ? 3 : 1)]());
  float* memory = group.memory.get();
  if (tiles) {
    group.packed = memory;
  } else {
    group.padded = memory;
    if (codes) {
      group.coded = memory + places * stride;
      group.integers = reinterpret_cast<int16_t*>(memory + 2 * places * stride);
    }
  }
  group.exact.reserve(group.count);
  group.bounds.reserve(group.count);
  group.shared = std::make_unique<std::atomic<float>[]>(group.count);
  for (size_t q = 0; q < group.count; q++) {
    const float* query = question_.queries + (group.first + q) * n;
    double squaredNorm = 0;
    double absolute = 0;
    for (size_t j = 0; j < n; j++) {
      squaredNorm += static_cast<double>(query[j]) * query[j];
      absolute += std::fabs(query[j]);
    }
    if (tiles) {
      float* to = group.packed + (q / tile) * tile * n + q % tile;
      for (size_t j = 0; j < n; j++) to[j * tile] = query[j];
    } else {
      std::copy(query, query + n, group.padded + q * stride);
    }
    Measure measure = plainMeasure(way_);
    if (codes) {
      group.codes.push_back(
          codeQuery(rows_.storage(), rows_.metric(), query, squaredNorm, n, stride, group.coded + q * stride, group.integers + q * stride));
      if (group.codes.back().valid) measure = Measure::coded;
    }
    const double roundings = tiles ? tileRoundings(n) : scanRoundings(stride);
    Bounds bounds = boundsOf(rows_.metric(), measure, roundings, n, squaredNorm, absolute);
    if (measure == Measure::coded && rows_.metric() == Metric::histogramIntersection) bounds.shift = group.codes.back().half;
    group.bounds.push_back(bounds);
    group.scales.push_back(bounds.scale);
    group.exact.emplace_back(rows_, query, squaredNorm, measure);
    float limit = std::numeric_limits<float>::infinity();
    if (question_.ranged) {
      const double value = valueAt(rows_.metric(), measure, question_.radius, squaredNorm, n);
      limit = value == -std::numeric_limits<double>::infinity() ? -std::numeric_limits<float>::infinity() : bounds.ofExact(value);
    }
    group.shared[q].store(limit, std::memory_order_relaxed);
  }
}

Search::Lane& Search::laneOf(Group& group, size_t worker) const {
  std::unique_ptr<Lane>& lane = group.lanes[worker];
  if (!lane) {
    lane = std::make_unique<Lane>();
    lane->lists.reserve(group.count);
    for (size_t q = 0; q < group.count; q++) {
      const ExactQuery* exact = &group.exact[q];
      const Bounds* bounds = &group.bounds[q];
      lane->lists.push_back(question_.ranged ? Candidates::within(exact, bounds, question_.radius, group.shared[q].load(std::memory_order_relaxed))
                                             : Candidates::nearest(exact, bounds, question_.k));
      lane->bounds.push_back(lane->lists.back().bound());
    }
  }
  return *lane;
}

void Search::run(size_t begin, size_t end, size_t worker) {
  if (worker >= workers_) throw std::logic_error("A search was run by more threads than it was made for.");
  if (!scratch_[worker]) scratch_[worker] = std::make_unique<Scratch>();
  for (size_t piece = begin; piece < end; piece++) {
    Group& group = *groups_[piece / parts_.size()];
    std::call_once(group.once, [&] { prepare(group); });
    Lane& lane = laneOf(group, worker);
    for (size_t q = 0; q < group.count; q++) {
      lane.lists[q].lower(group.shared[q].load(std::memory_order_relaxed));
      lane.bounds[q] = lane.lists[q].bound();
    }
    runPart(group, lane, *scratch_[worker], parts_[piece % parts_.size()]);
    for (size_t q = 0; q < group.count; q++) {
      const float own = lane.lists[q].sharedBound();
      float seen = group.shared[q].load(std::memory_order_relaxed);
      while (own < seen && !group.shared[q].compare_exchange_weak(seen, own, std::memory_order_relaxed)) {
      }
    }
    if (group.left.fetch_sub(1, std::memory_order_acq_rel) == 1) finishGroup(group);
  }
}

size_t Search::placesOf(const Part& part, uint32_t* places) const {
  size_t count = 0;
  if (question_.allow == nullptr) {
    for (size_t place = part.from; place < part.to; place++) places[count++] = static_cast<uint32_t>(place);
    return count;
  }
  const size_t firstRow = part.block * rows_.rowsPerBlock();
  for (size_t place = part.from; place < part.to;) {
    const size_t row = firstRow + place;
    const uint8_t bits = question_.allow[row >> 3];
    if (bits == 0) {
      place += 8 - (row & 7);
      continue;
    }
    if ((bits >> (row & 7)) & 1) places[count++] = static_cast<uint32_t>(place);
    place++;
  }
  return count;
}

void Search::runPart(Group& group, Lane& lane, Scratch& scratch, const Part& part) const {
  scratch.places.resize(std::max(scratch.places.size(), part.to - part.from));
  const size_t count = placesOf(part, scratch.places.data());
  if (count == 0) return;
  if (way_ == Way::tiles) {
    runTiles(group, lane, scratch, part, count);
  } else {
    runRows(group, lane, scratch, part, count);
  }
}

void Search::offer(Lane& lane, size_t query, const float* values, size_t count, const uint32_t* places, const float* add, size_t firstRow,
                   Scratch& scratch) const {
  Candidates& list = lane.lists[query];
  const size_t found = kernels_.select(values, count, list.bound(), scratch.which);
  for (size_t i = 0; i < found; i++) {
    const uint32_t at = scratch.which[i];
    if (values[at] > list.bound()) continue;
    list.add(static_cast<uint32_t>(firstRow + places[at]), values[at], add != nullptr ? add[at] : 0);
  }
}

void Search::codedValues(const Group& group, size_t query, const Block& block, Places places, Scratch& scratch) const {
  const Codes& codes = block.codes;
  const CodedQuery& coded = group.codes[query];
  const size_t stride = rows_.stride();
  const float* numbers = group.coded + query * stride;
  const bool bytes = rows_.storage() == Storage::int8;
  const auto of = [&](const float* all, float* gathered) -> const float* {
    // Of rows that stand together the numbers do too.
    if (places.together) return all + places.places[0];
    for (size_t i = 0; i < places.count; i++) gathered[i] = all[places.places[i]];
    return gathered;
  };
  float* values = scratch.sums;
  const Family family = familyOf(rows_.metric());
  if (family == Family::absolute) {
    if (bytes) {
      kernels_.byteDifferences(codes.bytes, stride, places, codes.scale, codes.offset, numbers, values);
    } else {
      kernels_.halfDifferences(codes.halves, stride, places, numbers, values);
    }
    const bool minima = rows_.metric() == Metric::histogramIntersection;
    std::fill_n(scratch.multiply, places.count, minima ? coded.keep / 2 : coded.keep);
    kernels_.applyTerms(values, places.count, scratch.multiply, of(minima ? codes.level : codes.residual, scratch.add), minima ? -0.5f : -1.0f);
    return;
  }
  if (bytes) {
    kernels_.byteProducts(codes.bytes, stride, places, group.integers + query * stride, coded.unit, values);
  } else {
    kernels_.halfProducts(codes.halves, stride, places, numbers, values);
  }
  const auto finish = family == Family::distance ? kernels_.codedDistances : kernels_.codedProducts;
  finish(values, places.count, coded, of(codes.scale, scratch.multiply), of(codes.offset, scratch.add), of(codes.level, scratch.level),
         of(codes.residual, scratch.residual));
}

void Search::runRows(Group& group, Lane& lane, Scratch& scratch, const Part& part, size_t count) const {
  const Block& block = rows_.block(part.block);
  const size_t stride = rows_.stride();
  const size_t firstRow = part.block * rows_.rowsPerBlock();
  const auto kind = static_cast<size_t>(coordinateSumOf(rows_.metric()));
  const bool terms = plainMeasure(way_) == Measure::terms;
  for (size_t from = 0; from < count; from += rowsPerStep) {
    const Places places{scratch.places.data() + from, std::min(rowsPerStep, count - from), question_.allow == nullptr};
    const size_t pass = way_ == Way::several ? queriesPerPass : 1;
    for (size_t q = 0; q < group.count; q += pass) {
      if (group.bounds[q].measure == Measure::coded) {
        codedValues(group, q, block, places, scratch);
        offer(lane, q, scratch.sums, places.count, places.places, nullptr, firstRow, scratch);
        continue;
      }
      if (way_ == Way::several) {
        kernels_.sumsOfSeveral[kind](block.vectors, stride, places, group.padded + q * stride, scratch.sums);
      } else {
        kernels_.sums[kind](block.vectors, stride, places, group.padded + q * stride, scratch.sums);
      }
      if (terms) {
        for (size_t i = 0; i < places.count; i++) {
          scratch.multiply[i] = block.terms.multiply[places.places[i]];
          scratch.add[i] = block.terms.add[places.places[i]];
        }
      }
      for (size_t m = 0; m < pass && q + m < group.count; m++) {
        float* sums = scratch.sums + m * rowsPerStep;
        if (terms) kernels_.applyTerms(sums, places.count, scratch.multiply, scratch.add, group.scales[q + m]);
        offer(lane, q + m, sums, places.count, places.places, terms ? scratch.add : nullptr, firstRow, scratch);
      }
    }
  }
}

namespace {

// Where tiles leave what they keep.
struct Kept {
  std::vector<Candidates>* lists;
  std::vector<float>* bounds;
  const uint32_t* places;
  const float* add;
  size_t firstRow;

  static void keep(void* self, size_t query, size_t row, const float* values, uint32_t lanes) {
    Kept& kept = *static_cast<Kept*>(self);
    Candidates& list = (*kept.lists)[query];
    for (; lanes != 0; lanes &= lanes - 1) {
      const auto lane = static_cast<size_t>(__builtin_ctz(lanes));
      if (values[lane] > list.bound()) continue;
      list.add(static_cast<uint32_t>(kept.firstRow + kept.places[row + lane]), values[lane], kept.add[row + lane]);
    }
    (*kept.bounds)[query] = list.bound();
  }
};

}  // namespace

void Search::runTiles(Group& group, Lane& lane, Scratch& scratch, const Part& part, size_t count) const {
  const Block& block = rows_.block(part.block);
  const size_t n = rows_.dimensions();
  const size_t tileRows = kernels_.tileRows;
  const size_t panelFloats = tileRows * n;
  const size_t panels = std::clamp<size_t>(panelBytes / (panelFloats * sizeof(float)), 1, 64);
  const size_t needed = panels * panelFloats * sizeof(float);
  if (scratch.memory.size() < needed) {
    scratch.memory = Pages(needed);
    scratch.panels = reinterpret_cast<float*>(scratch.memory.data());
  }
  const size_t atOnce = panels * tileRows;
  scratch.panelMultiply.resize(atOnce);
  scratch.panelAdd.resize(atOnce);
  for (size_t from = 0; from < count; from += atOnce) {
    const size_t here = std::min(atOnce, count - from);
    const uint32_t* places = scratch.places.data() + from;
    for (size_t r = 0; r < here; r += tileRows) {
      kernels_.packRows(block.vectors, rows_.stride(), places + r, std::min(tileRows, here - r), n, scratch.panels + r * n);
    }
    for (size_t i = 0; i < here; i++) {
      scratch.panelMultiply[i] = block.terms.multiply[places[i]];
      scratch.panelAdd[i] = block.terms.add[places[i]];
    }
    Kept kept{&lane.lists, &lane.bounds, places, scratch.panelAdd.data(), part.block * rows_.rowsPerBlock()};
    kernels_.tiles(group.packed, group.count, n, scratch.panels, here, scratch.panelMultiply.data(), scratch.panelAdd.data(),
                   group.scales.data(), lane.bounds.data(), {Kept::keep, &kept});
  }
}

void Search::finishGroup(Group& group) {
  for (size_t q = 0; q < group.count; q++) {
    Candidates* all = nullptr;
    for (const auto& lane : group.lanes) {
      if (!lane) continue;
      if (all == nullptr) {
        all = &lane->lists[q];
      } else {
        all->absorb(lane->lists[q]);
      }
    }
    if (all == nullptr) continue;
    std::vector<Neighbour>& found = found_[group.first + q];
    const std::vector<Hit>& hits = all->finish();
    found.reserve(hits.size());
    for (const Hit& hit : hits) found.push_back({hit.row, hit.distance});
  }
  group.lanes.clear();
  group.memory.reset();
}

Neighbours Search::take() {
  Neighbours found;
  size_t total = 0;
  found.offsets.reserve(found_.size() + 1);
  found.offsets.push_back(0);
  for (const auto& hits : found_) {
    total += hits.size();
    if (total > UINT32_MAX) throw std::length_error("The answer has more than 2^32 neighbours. Ask fewer queries at once, or a smaller radius.");
    found.offsets.push_back(static_cast<uint32_t>(total));
  }
  found.rows.reserve(total);
  found.distances.reserve(total);
  for (auto& hits : found_) {
    for (const Neighbour& hit : hits) {
      found.rows.push_back(hit.row);
      found.distances.push_back(hit.distance);
    }
    std::vector<Neighbour>().swap(hits);
  }
  return found;
}

}  // namespace cbir::flat
