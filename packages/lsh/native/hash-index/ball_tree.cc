// A ball tree in Hamming space: each node has a code as its centre, the nearer half of the others in one child and the
// farther half in the other, with their least and greatest distance from the centre. By the triangle inequality a query
// need not look into a child that none of the closest can be in (P. N. Yianilos, "Data structures and algorithms for
// nearest neighbor search in general metric spaces", SODA 1993).
#include <algorithm>
#include <cstring>
#include <utility>

#include <cbir/pages.h>

#include "linear_scan.h"
#include "structure.h"

namespace cbir::lsh {

namespace {

constexpr uint32_t none = UINT32_MAX;
/// Codes that are tried as centre, and codes that each is tried on.
constexpr size_t triedCentres = 5;
constexpr size_t triedOn = 32;
/// Nanoseconds, about, that a node takes beside its codes.
constexpr double nodeNanoseconds = 20;

/// Numbers that look random, from a seed: splitmix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  /// Below `end`, which is far below 2^32.
  size_t below(size_t end) {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t x = state_;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return static_cast<size_t>(((x ^ x >> 31) >> 32) * end >> 32);
  }

 private:
  uint64_t state_;
};

struct Child {
  uint32_t node = none;  // none: a leaf
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t least = 0;
  uint32_t greatest = 0;
};

struct Node {
  uint32_t centre;
  Child near;
  Child far;
};

class BallTree final : public Structure {
 public:
  BallTree(const CodeRows& rows, size_t leafSize, uint64_t seed, const HammingKernels& kernels, const Check& check)
      : words_(rows.words()),
        leafSize_(leafSize),
        kernels_(kernels),
        check_(check),
        random_(seed),
        codes_(rows.count() * words_ * 8) {
    codes_.makeHuge();
    rows_.reserve(rows.count());
    for (size_t row = 0; row < rows.size(); row++) {
      if (row % 65536 == 0) check();
      if (!rows.isLive(row)) continue;
      std::memcpy(code(rows_.size()), rows.code(row), words_ * 8);
      rows_.push_back(static_cast<uint32_t>(row));
    }
    build(rows.bits());
    check_ = {};
  }

  bool search(const Searched& in, const uint64_t* query, Scratch& scratch) const override {
    Closest& closest = scratch.closest;
    const double perCode = scanNanoseconds(words_) * 1.5;
    double& spent = scratch.spent;
    spent = 0;
    std::vector<uint64_t>& open = scratch.open;
    open.clear();
    // A part to visit: the least distance that can be in it, and its child's number (twice the node's, and one more for
    // the far one).
    if (root_ == none) return offerLeaf(in, query, 0, rows_.size(), closest);
    open.push_back(rootMark);
    while (!open.empty()) {
      const uint64_t mark = open.back();
      open.pop_back();
      const auto least = static_cast<uint32_t>(mark >> 33);
      if (least >= closest.limit()) continue;
      uint32_t index = root_;
      if (mark != rootMark) {
        const Node& parent = nodes_[(mark & 0x1ffffffffu) >> 1];
        const Child& child = (mark & 1) != 0 ? parent.far : parent.near;
        if (child.node == none) {
          spent += nodeNanoseconds + perCode * (child.end - child.begin);
          if (spent > in.budget) return false;
          offerLeaf(in, query, child.begin, child.end, closest);
          continue;
        }
        index = child.node;
      }
      const Node& node = nodes_[index];
      spent += nodeNanoseconds;
      const uint32_t d = kernels_.distance(code(node.centre), query, words_);
      const uint32_t row = rows_[node.centre];
      if (d < closest.limit() && in.current.has(row)) closest.add(row, d);
      const uint64_t near = uint64_t{leastIn(node.near, d)} << 33 | uint64_t{index} << 1;
      const uint64_t far = uint64_t{leastIn(node.far, d)} << 33 | uint64_t{index} << 1 | 1;
      // The one that is looked into first comes last.
      const bool nearFirst =
          (near >> 33) < (far >> 33) || ((near >> 33) == (far >> 33) && 2 * d <= node.near.greatest + node.far.least);
      open.push_back(nearFirst ? far : near);
      open.push_back(nearFirst ? near : far);
    }
    return true;
  }

  size_t bytes() const override { return codes_.size() + rows_.size() * 4 + nodes_.size() * sizeof(Node); }

 private:
  static constexpr uint64_t rootMark = 0x1ffffffffu;

  uint64_t* code(size_t place) const { return reinterpret_cast<uint64_t*>(codes_.data()) + place * words_; }

  static uint32_t leastIn(const Child& child, uint32_t d) {
    return d > child.greatest ? d - child.greatest : d < child.least ? child.least - d : 0;
  }

  bool offerLeaf(const Searched& in, const uint64_t* query, size_t begin, size_t end, Closest& closest) const {
    uint32_t places[kMostRows];
    uint32_t distances[kMostRows];
    for (; begin < end; begin += kMostRows) {
      const size_t n = std::min(kMostRows, end - begin);
      const size_t found = kernels_.closer(code(begin), words_, n, query, closest.limit(), places, distances);
      for (size_t i = 0; i < found; i++) {
        const uint32_t row = rows_[begin + places[i]];
        if (distances[i] < closest.limit() && in.current.has(row)) closest.add(row, distances[i]);
      }
    }
    return true;
  }

  void build(size_t bits) {
    const size_t n = rows_.size();
    distances_.resize(n);
    movedRows_.resize(n);
    movedCodes_ = Pages(n * words_ * 8);
    counts_.resize(bits + 1);
    // Parts that are still whole, by the child that they become; the first is the root.
    struct Whole {
      uint32_t parent;
      bool far;
      size_t begin;
      size_t end;
    };
    std::vector<Whole> wholes{{none, false, 0, n}};
    while (!wholes.empty()) {
      const Whole part = wholes.back();
      wholes.pop_back();
      uint32_t made = none;
      if (part.end - part.begin > std::max<size_t>(2, leafSize_)) {
        if (part.end - part.begin > 4096) check_();
        made = split(part.begin, part.end);
      }
      if (part.parent == none) root_ = made;
      else (part.far ? nodes_[part.parent].far : nodes_[part.parent].near).node = made;
      if (made == none) continue;
      const Node& node = nodes_[made];
      wholes.push_back({made, true, node.far.begin, node.far.end});
      wholes.push_back({made, false, node.near.begin, node.near.end});
    }
    distances_ = {};
    movedRows_ = {};
    movedCodes_ = Pages();
    counts_ = {};
  }

  /// A node over a part, which is put in order; none where all of it is equally far from every centre tried.
  uint32_t split(size_t begin, size_t end) {
    swapPlaces(begin, chooseCentre(begin, end));
    const size_t first = begin + 1;
    std::fill(counts_.begin(), counts_.end(), 0);
    for (size_t i = first; i < end; i++) {
      distances_[i] = kernels_.distance(code(begin), code(i), words_);
      counts_[distances_[i]]++;
    }
    // The distance that divides the part most evenly: the near child has those up to it.
    const size_t all = end - first;
    size_t up = 0;
    size_t best = 0;
    uint32_t border = 0;
    for (uint32_t d = 0; d < counts_.size(); d++) {
      up += counts_[d];
      const size_t smaller = std::min(up, all - up);
      if (smaller <= best) continue;
      best = smaller;
      border = d;
    }
    if (best == 0) return none;
    Node node{static_cast<uint32_t>(begin), {}, {}};
    size_t near = first;
    size_t moved = 0;
    for (Child* child : {&node.near, &node.far}) {
      child->least = UINT32_MAX;
      child->greatest = 0;
    }
    for (size_t i = first; i < end; i++) {
      Child& child = distances_[i] <= border ? node.near : node.far;
      child.least = std::min(child.least, distances_[i]);
      child.greatest = std::max(child.greatest, distances_[i]);
      if (&child == &node.near) {
        if (near != i) std::memcpy(code(near), code(i), words_ * 8);
        rows_[near++] = rows_[i];
      } else {
        std::memcpy(movedCodes_.data() + moved * words_ * 8, code(i), words_ * 8);
        movedRows_[moved++] = rows_[i];
      }
    }
    std::memcpy(code(near), movedCodes_.data(), moved * words_ * 8);
    std::copy(movedRows_.begin(), movedRows_.begin() + static_cast<ptrdiff_t>(moved),
              rows_.begin() + static_cast<ptrdiff_t>(near));
    node.near.begin = static_cast<uint32_t>(first);
    node.near.end = static_cast<uint32_t>(near);
    node.far.begin = static_cast<uint32_t>(near);
    node.far.end = static_cast<uint32_t>(end);
    nodes_.push_back(node);
    return static_cast<uint32_t>(nodes_.size() - 1);
  }

  /// The one of some codes from which the others lie at the most different distances.
  size_t chooseCentre(size_t begin, size_t end) {
    size_t best = begin;
    double widest = -1;
    for (size_t i = 0; i < triedCentres; i++) {
      const size_t centre = begin + random_.below(end - begin);
      double sum = 0;
      double squares = 0;
      for (size_t j = 0; j < triedOn; j++) {
        const double d = kernels_.distance(code(centre), code(begin + random_.below(end - begin)), words_);
        sum += d;
        squares += d * d;
      }
      const double spread = squares - sum * sum / triedOn;
      if (spread <= widest) continue;
      widest = spread;
      best = centre;
    }
    return best;
  }

  void swapPlaces(size_t a, size_t b) {
    if (a == b) return;
    std::swap(rows_[a], rows_[b]);
    std::swap_ranges(code(a), code(a) + words_, code(b));
  }

  size_t words_;
  size_t leafSize_;
  const HammingKernels& kernels_;
  Check check_;
  Random random_;
  /// The codes in the order of the tree, and their rows.
  Pages codes_;
  std::vector<uint32_t> rows_;
  std::vector<Node> nodes_;
  uint32_t root_ = none;
  // While it is built:
  std::vector<uint32_t> distances_;
  std::vector<uint32_t> movedRows_;
  Pages movedCodes_;
  std::vector<uint32_t> counts_;
};

}  // namespace

std::unique_ptr<Structure> buildBallTree(const CodeRows& rows, size_t leafSize, uint64_t seed,
                                         const HammingKernels& kernels, const Check& check) {
  return std::make_unique<BallTree>(rows, leafSize, seed, kernels, check);
}

}  // namespace cbir::lsh
