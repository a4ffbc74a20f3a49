// Search in a forest. The walk is Annoy's (annoylib's _get_all_nns); what is new: candidates are marked in a bitmap instead of being sorted, rows
// are fetched before they are needed, and sums are taken with the CPU's vector instructions.
#include "search.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <cbir/prefetch.h>

namespace cbir::annoy {

namespace {

/// Items whose rows are fetched ahead of the one that is measured.
constexpr size_t ahead = 3;
/// Bytes of a node that are fetched ahead; what follows the CPU sees coming.
constexpr size_t fetched = 512;
/// Coordinates that are summed before a sum is compared with the farthest of the closest so far.
constexpr size_t part = 128;
/// So many more than k are measured in double precision: the float sums may have the last ones in the wrong order.
constexpr size_t reserve = 8;
constexpr size_t cacheLine = 64;

/// Bits of a float, turned so that they order as the number does.
uint32_t ordered(float number) {
  uint32_t bits;
  std::memcpy(&bits, &number, sizeof bits);
  return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

float fromOrdered(uint32_t code) {
  const uint32_t bits = (code & 0x80000000u) != 0 ? code & 0x7fffffffu : ~code;
  float number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

/// + 0 turns −0 into 0, which is the same to Annoy.
uint64_t coded(float number, uint32_t row) { return (static_cast<uint64_t>(ordered(number + 0.0f)) << 32) | row; }

void fetchNode(const Node& node) {
  const size_t end = node.layout->bytes < fetched ? node.layout->bytes : fetched;
  for (size_t at = 0; at < end; at += cacheLine) prefetch(node.at + at);
}

unsigned lowestBit(uint64_t word) {
#if defined(__GNUC__)
  return static_cast<unsigned>(__builtin_ctzll(word));
#else
  unsigned bit = 0;
  while (((word >> bit) & 1) == 0) bit++;
  return bit;
#endif
}

}  // namespace

std::unique_ptr<Scratch> ScratchPool::take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (free_.empty()) return std::make_unique<Scratch>();
  std::unique_ptr<Scratch> scratch = std::move(free_.back());
  free_.pop_back();
  return scratch;
}

void ScratchPool::give(std::unique_ptr<Scratch> scratch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  free_.push_back(std::move(scratch));
}

Search::Query Search::prepare(const float* query, Scratch& scratch) const {
  const NodeLayout& layout = forest_.layout();
  if (layout.distance != Distance::hamming) {
    const bool wantsNorm = layout.distance == Distance::angular;
    return {query, nullptr, wantsNorm ? kernels_.squaredNorm(query, layout.words) : 0.0f};
  }
  scratch.packedQuery.resize(layout.words);
  forest_.pack(query, scratch.packedQuery.data());
  return {query, scratch.packedQuery.data(), 0.0f};
}

float Search::margin(const Node& split, const Query& query) const {
  const NodeLayout& layout = forest_.layout();
  switch (layout.distance) {
    case Distance::hamming: {
      const uint64_t bit = split.bits()[0];
      // Annoy counts the bits of a word from its top.
      return bit < layout.words * 64 && ((query.bits[bit / 64] >> (63 - bit % 64)) & 1) != 0 ? 1.0f : 0.0f;
    }
    case Distance::angular:
      return kernels_.dot(split.vector(), query.vector, layout.words);
    case Distance::dot: {
      const float factor = split.number(layout.offset);
      return kernels_.dot(split.vector(), query.vector, layout.words) + factor * factor;
    }
    default:
      return split.number(layout.offset) + kernels_.dot(split.vector(), query.vector, layout.words);
  }
}

void Search::collect(const float* queryVector, size_t searchK, const Bitmap* allow, Scratch& scratch) const {
  const NodeLayout& layout = forest_.layout();
  const uint32_t items = forest_.items();
  const uint32_t nodes = forest_.nodes();
  const Query query = prepare(queryVector, scratch);
  const size_t words = (items + 63) / 64;
  scratch.seen.resize(words);
  scratch.seenWords.resize((words + 63) / 64);
  scratch.candidates.clear();
  std::vector<uint64_t>& waiting = scratch.waiting;
  waiting.clear();

  const bool bits = layout.distance == Distance::hamming;
  // For bits Annoy counts down from the largest integer; only the order counts.
  const float first = bits ? 0.0f : std::numeric_limits<float>::infinity();
  for (const uint32_t root : forest_.roots()) waiting.push_back(coded(first, root));
  std::make_heap(waiting.begin(), waiting.end());

  size_t met = 0;
  uint64_t* seen = scratch.seen.data();
  const auto meet = [&](uint32_t item) {
    if (item >= items) return;
    if (allow != nullptr && !allow->has(item)) return;
    met++;
    seen[item / 64] |= uint64_t{1} << (item % 64);
    scratch.seenWords[item / 4096] |= uint64_t{1} << (item / 64 % 64);
  };
  // No tree has a node twice, so more steps than nodes means that the links are no forest's any more.
  size_t steps = 0;
  while (met < searchK && !waiting.empty() && steps++ <= nodes) {
    const uint64_t top = waiting.front();
    std::pop_heap(waiting.begin(), waiting.end());
    waiting.pop_back();
    const uint32_t number = static_cast<uint32_t>(top);
    const float best = fromOrdered(static_cast<uint32_t>(top >> 32));
    const Node node = forest_.node(number);
    const int32_t descendants = node.descendants();
    if (descendants == 1 && number < items) {
      meet(number);
    } else if (descendants <= layout.capacity) {
      const int32_t* list = node.children();
      for (int32_t i = 0; i < descendants; i++) meet(static_cast<uint32_t>(list[i]));
    } else {
      const float side = margin(node, query);
      // As annoylib's pq_distance; a margin that is no number leaves the distance as it is.
      const float right = bits ? best - (side != 1.0f ? 1.0f : 0.0f) : (side < best ? side : best);
      const float left = bits ? best - (side != 0.0f ? 1.0f : 0.0f) : (-side < best ? -side : best);
      const uint32_t rightChild = static_cast<uint32_t>(node.children()[1]);
      const uint32_t leftChild = static_cast<uint32_t>(node.children()[0]);
      if (rightChild < nodes) {
        waiting.push_back(coded(right, rightChild));
        std::push_heap(waiting.begin(), waiting.end());
        if (right >= left) fetchNode(forest_.node(rightChild));
      }
      if (leftChild < nodes) {
        waiting.push_back(coded(left, leftChild));
        std::push_heap(waiting.begin(), waiting.end());
        if (left >= right) fetchNode(forest_.node(leftChild));
      }
    }
  }

  // Reads the bitmap out, in the order of memory, and leaves it clear.
  for (size_t block = 0; block < scratch.seenWords.size(); block++) {
    for (uint64_t marks = scratch.seenWords[block]; marks != 0; marks &= marks - 1) {
      const size_t word = block * 64 + lowestBit(marks);
      for (uint64_t left = seen[word]; left != 0; left &= left - 1) {
        scratch.candidates.push_back(static_cast<uint32_t>(word * 64 + lowestBit(left)));
      }
      seen[word] = 0;
    }
    scratch.seenWords[block] = 0;
  }
}

void Search::collectAll(const Bitmap* allow, Scratch& scratch) const {
  scratch.candidates.clear();
  for (uint32_t item = 0; item < forest_.items(); item++) {
    if (allow == nullptr || allow->has(item)) scratch.candidates.push_back(item);
  }
}

float Search::partial(FloatKernel kernel, const float* vector, const float* query, float bound) const {
  const size_t n = forest_.layout().words;
  float sum = 0;
  for (size_t from = 0; from < n; from += part) {
    sum += kernel(vector + from, query + from, std::min(part, n - from));
    if (sum > bound) break;
  }
  return sum;
}

float Search::key(const Node& item, const Query& query, float bound) const {
  const NodeLayout& layout = forest_.layout();
  switch (layout.distance) {
    case Distance::euclidean:
      return partial(kernels_.squaredEuclidean, item.vector(), query.vector, bound);
    case Distance::manhattan:
      return partial(kernels_.manhattan, item.vector(), query.vector, bound);
    case Distance::dot:
      return -kernels_.dot(item.vector(), query.vector, layout.words);
    case Distance::angular: {
      const float product = kernels_.dot(item.vector(), query.vector, layout.words);
      const float stored = item.number(layout.children);
      const float norm = stored > 0 ? stored : kernels_.squaredNorm(item.vector(), layout.words);
      const float both = norm * query.squaredNorm;
      return both > 0 ? -product / std::sqrt(both) : 0.0f;
    }
    default:
      return static_cast<float>(kernels_.hammingBits(item.bits(), query.bits, layout.words));
  }
}

float Search::distance(const Node& item, const Query& query, double squaredNorm) const {
  const NodeLayout& layout = forest_.layout();
  double sum = 0;
  double itemNorm = 0;
  switch (layout.distance) {
    case Distance::hamming:
      sum = kernels_.hammingBits(item.bits(), query.bits, layout.words);
      break;
    case Distance::euclidean:
      sum = kernels_.squaredEuclideanExact(item.vector(), query.vector, layout.words);
      break;
    case Distance::manhattan:
      sum = kernels_.manhattanExact(item.vector(), query.vector, layout.words);
      break;
    default:
      sum = kernels_.dotExact(item.vector(), query.vector, layout.words);
      if (usesNorms(metric_)) itemNorm = kernels_.squaredNormExact(item.vector(), layout.words);
  }
  return giveOut(finish(metric_, sum, squaredNorm, itemNorm, layout.dimensions));
}

float Search::measure(const float* queryVector, uint32_t item, Scratch& scratch) const {
  const double norm = usesNorms(metric_) ? kernels_.squaredNormExact(queryVector, forest_.layout().words) : 0.0;
  return distance(forest_.node(item), prepare(queryVector, scratch), norm);
}

void Search::rank(const float* queryVector, size_t k, Scratch& scratch) const {
  const Query query = prepare(queryVector, scratch);
  const std::vector<uint32_t>& candidates = scratch.candidates;
  std::vector<uint64_t>& closest = scratch.closest;
  closest.clear();
  // A heap with the farthest on top.
  const size_t kept = k + reserve + k / 8;
  const float none = std::numeric_limits<float>::infinity();
  for (size_t i = 0; i < candidates.size(); i++) {
    if (i + ahead < candidates.size()) fetchNode(forest_.node(candidates[i + ahead]));
    const Node item = forest_.node(candidates[i]);
    if (item.descendants() != 1) continue;
    float value = key(item, query, closest.size() < kept ? none : fromOrdered(static_cast<uint32_t>(closest.front() >> 32)));
    // Sums that left float's range order as the farthest; double precision ranks them where there is room.
    if (std::isnan(value)) value = none;
    const uint64_t code = coded(value, candidates[i]);
    if (closest.size() < kept) {
      closest.push_back(code);
      std::push_heap(closest.begin(), closest.end());
    } else if (code < closest.front()) {
      std::pop_heap(closest.begin(), closest.end());
      closest.back() = code;
      std::push_heap(closest.begin(), closest.end());
    }
  }
  const double norm = usesNorms(metric_) ? kernels_.squaredNormExact(queryVector, forest_.layout().words) : 0.0;
  scratch.found.clear();
  for (const uint64_t code : closest) {
    const uint32_t item = static_cast<uint32_t>(code);
    scratch.found.emplace_back(distance(forest_.node(item), query, norm), item);
  }
  std::sort(scratch.found.begin(), scratch.found.end());
  if (scratch.found.size() > k) scratch.found.resize(k);
}

}  // namespace cbir::annoy
