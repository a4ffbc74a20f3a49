// Ranking: see ranking.h.
#include "ranking.h"

#include <algorithm>
#include <cmath>

#include <cbir/prefetch.h>

namespace cbir::lsh {

namespace {

constexpr size_t lineBytes = 64;
/// Vectors that are on their way while one is compared.
constexpr size_t ahead = 6;
/// Lines of a vector that are asked for; what follows comes by itself, as it is read in order.
constexpr size_t mostLines = 16;
/// Rows that are compared with each query of a tile while they are in the first cache, and queries of a tile.
constexpr size_t rowsAtOnce = 16;
constexpr size_t tile = 8;

void prefetchVector(const float* vector, size_t dimensions) {
  const char* at = reinterpret_cast<const char*>(vector);
  const size_t lines = std::min(mostLines, (dimensions * sizeof(float) + lineBytes - 1) / lineBytes);
  for (size_t line = 0; line < lines; line++) prefetch(at + line * lineBytes);
}

}  // namespace

Ranking::Ranking(Metric metric, size_t dimensions, size_t k)
    : metric_(metric),
      dimensions_(dimensions),
      k_(k),
      sum_(kernels().exactOfSum(coordinateSumOf(metric))),
      floatSum_(kernels().ofSum(coordinateSumOf(metric))),
      // Terms and norms are rounded too. The narrowest kernel adds every fourth term to a partial sum.
      relative_((static_cast<double>(dimensions) / 4 + 32) * 0x1p-24),
      absolute_(static_cast<double>(dimensions) * 0x1p-125) {
  const CoordinateSum sum = coordinateSumOf(metric);
  key_ = usesNorms(metric)                                                      ? Key::cosine
         : sum == CoordinateSum::product || sum == CoordinateSum::minimum ? Key::negated
                                                                                : Key::sum;
  // Products and minima have either sign: without norms nothing bounds what cancels out.
  sifts_ = key_ != Key::negated;
}

void Ranking::start(const float* query) {
  query_ = query;
  squaredNorm_ = key_ == Key::cosine ? kernels().squaredNormExact(query, dimensions_) : 0;
  heap_.clear();
}

const std::vector<uint32_t>& Ranking::sifted() {
  left_.clear();
  double bound = std::numeric_limits<double>::infinity();
  if (upper_.size() > k_) {
    sorted_ = upper_;
    std::nth_element(sorted_.begin(), sorted_.begin() + static_cast<std::ptrdiff_t>(k_ - 1), sorted_.end());
    bound = sorted_[k_ - 1];
  }
  for (size_t i = 0; i < lower_.size(); i++) {
    if (lower_[i] <= bound) left_.push_back(static_cast<uint32_t>(i));
  }
  return left_;
}

double Ranking::keyOf(double sum, double squaredNorm) const {
  if (key_ == Key::sum) return sum;
  if (key_ == Key::negated) return -sum;
  if (squaredNorm == 0 || squaredNorm_ == 0) return 0;
  return -sum / std::sqrt(squaredNorm * squaredNorm_);
}

void Ranking::push(const Candidate& candidate) {
  const auto closer = [](const Candidate& a, const Candidate& b) { return a.key < b.key; };
  if (heap_.size() == k_) {
    std::pop_heap(heap_.begin(), heap_.end(), closer);
    heap_.pop_back();
  }
  heap_.push_back(candidate);
  std::push_heap(heap_.begin(), heap_.end(), closer);
}

size_t Ranking::finish(uint32_t* rows, float* distances) {
  hits_.clear();
  for (const Candidate& candidate : heap_) {
    hits_.emplace_back(giveOut(cbir::finish(metric_, candidate.sum, squaredNorm_, candidate.squaredNorm, dimensions_)),
                       candidate.row);
  }
  std::sort(hits_.begin(), hits_.end());
  for (size_t i = 0; i < hits_.size(); i++) {
    distances[i] = hits_[i].first;
    rows[i] = hits_[i].second;
  }
  return hits_.size();
}

size_t rankRows(const VectorRows& rows, Ranking& ranking, const float* query, const uint32_t* candidates, size_t count,
                uint32_t* found, float* distances) {
  ranking.start(query);
  const size_t end = rows.count();
  const auto ask = [&](size_t i) {
    if (i < count && candidates[i] < end) prefetchVector(rows.row(candidates[i]), rows.dimensions());
  };
  const bool sift = ranking.canSift(count);
  // Norms lie apart from the vectors: they are read where they are needed alone.
  const bool norms = usesNorms(rows.metric());
  const auto normOf = [&](uint32_t row) { return norms ? rows.squaredNorm(row) : 0; };
  if (sift) ranking.beginSift(count);
  for (size_t i = 0; i < ahead; i++) ask(i);
  for (size_t i = 0; i < count; i++) {
    ask(i + ahead);
    const uint32_t row = candidates[i];
    if (row >= end) throw Error("INVALID_ARGUMENT", "There is no such row.");
    if (sift) {
      ranking.sift(i, rows.row(row), normOf(row));
    } else {
      ranking.add(row, rows.row(row), normOf(row));
    }
  }
  if (sift) {
    for (const uint32_t i : ranking.sifted())
      ranking.add(candidates[i], rows.row(candidates[i]), normOf(candidates[i]));
  }
  return ranking.finish(found, distances);
}

size_t rankVectors(Metric metric, size_t dimensions, Ranking& ranking, const float* query, const float* vectors,
                   const uint32_t* candidates, size_t count, uint32_t* found, float* distances) {
  ranking.start(query);
  const bool norms = usesNorms(metric);
  for (size_t i = 0; i < count; i++) {
    const float* const vector = vectors + i * dimensions;
    ranking.add(candidates[i], vector, norms ? kernels().squaredNormExact(vector, dimensions) : 0);
  }
  return ranking.finish(found, distances);
}

void scanRows(const VectorRows& rows, const float* queries, size_t begin, size_t end, size_t k, const Bitmap* allow,
              Neighbours& found, uint32_t* counts, const Control* control) {
  const size_t dimensions = rows.dimensions();
  std::vector<Ranking> rankings(std::min(tile, end - begin), Ranking(rows.metric(), dimensions, k));
  for (size_t first = begin; first < end; first += tile) {
    const size_t here = std::min(tile, end - first);
    for (size_t q = 0; q < here; q++) rankings[q].start(queries + (first + q) * dimensions);
    for (size_t at = 0; at < rows.count(); at += rowsAtOnce) {
      if (at % 4096 == 0 && control != nullptr && control->aborted()) throw Aborted();
      const size_t to = std::min(at + rowsAtOnce, rows.count());
      for (size_t q = 0; q < here; q++) {
        for (size_t row = at; row < to; row++) {
          if (allow != nullptr && !allow->has(row)) continue;
          rankings[q].add(static_cast<uint32_t>(row), rows.row(row), rows.squaredNorm(row));
        }
      }
    }
    for (size_t q = 0; q < here; q++) {
      const size_t i = first + q;
      counts[i] = static_cast<uint32_t>(rankings[q].finish(found.rows.data() + i * k, found.distances.data() + i * k));
    }
  }
}

}  // namespace cbir::lsh
