// Planting: Annoy's _make_tree over memory of ours. The random numbers, the splits and the order of the nodes are Annoy's, so the file is too; what
// differs is that it neither recurses, nor prints, nor dies where memory ends, and that it can be stopped.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include <cbir/error.h>

#include "annoylib.h"
#include "forest.h"
#include "plain_dots.h"

namespace cbir::annoy {

namespace {

constexpr size_t maxNodes = INT32_MAX;
/// Items that are put on their sides between two checkpoints.
constexpr size_t step = 1024;
/// How often Annoy looks for a better hyperplane, and what it takes for a good one (annoylib's _make_tree).
constexpr int attempts = 3;
constexpr double goodImbalance = 0.95;
constexpr double worstImbalance = 0.99;

/// annoylib's _split_imbalance: the larger side's share.
double imbalance(size_t left, size_t right) {
  const double ls = static_cast<float>(left);
  const double rs = static_cast<float>(right);
  const float f = static_cast<float>(ls / (ls + rs + 1e-9));
  return std::max(f, 1 - f);
}

/// What a thread says and hears while all of them plant.
class Progress {
 public:
  Progress(const Checkpoint& checkpoint, uint64_t total) : checkpoint_(checkpoint), total_(total) {}

  /// Counts work, and throws where it is to stop. Safe from several threads.
  void add(uint64_t done) {
    if (stopped_.load(std::memory_order_relaxed)) throw Aborted();
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = std::min(done_ + done, total_);
    checkpoint_(done_, total_);
  }
  void stop() { stopped_.store(true, std::memory_order_relaxed); }

 private:
  const Checkpoint& checkpoint_;
  const uint64_t total_;
  uint64_t done_ = 0;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
};

/// The distance from a split's hyperplane to an item, of their dot product: annoylib's margin().
template <class N>
float marginOf(const ::Angular*, const N*, float dot) {
  return dot;
}
template <class N>
float marginOf(const ::DotProduct*, const N* split, float dot) {
  return dot + (split->dot_factor * split->dot_factor);
}
template <class N>
float marginOf(const ::Minkowski*, const N* split, float dot) {
  return split->a + dot;
}

constexpr Distance distanceOf(const ::Angular*) { return Distance::angular; }
constexpr Distance distanceOf(const ::Euclidean*) { return Distance::euclidean; }
constexpr Distance distanceOf(const ::Manhattan*) { return Distance::manhattan; }
constexpr Distance distanceOf(const ::DotProduct*) { return Distance::dot; }
constexpr Distance distanceOf(const ::Hamming*) { return Distance::hamming; }

template <class N>
constexpr bool isLaidOutAs(const NodeLayout& layout) {
  return layout.children == offsetof(N, children) && layout.vector == offsetof(N, v);
}

/// Trees of one sequence of random numbers, in memory of their own. Their nodes are numbered from `items` on.
struct Grove {
  NodeMemory memory;
  size_t count = 0;
  std::vector<uint32_t> roots;
};

template <class D, class T>
class Sower {
  using N = typename D::template Node<int32_t, T>;

 public:
  Sower(const NodeLayout& layout, uint8_t* items, uint32_t itemCount, uint64_t seed, Progress& progress)
      : layout_(layout), items_(items), itemCount_(itemCount), random_(seed), progress_(progress) {
    for (uint32_t i = 0; i < itemCount; i++) {
      if (item(i)->n_descendants >= 1) live_.push_back(static_cast<int32_t>(i));
    }
  }

  /// `trees` trees, or where that is 0 as many as make `fill` nodes.
  Grove sow(size_t trees, size_t fill) {
    while (trees == 0 ? itemCount_ + grove_.count < fill : grove_.roots.size() < trees) grove_.roots.push_back(tree());
    return std::move(grove_);
  }

 private:
  /// A split whose sides are not all planted yet. Its node waits in `waiting_`, at the same depth.
  struct Frame {
    size_t begin, middle, end;
    int flip;
    int planted;
  };

  N* item(uint32_t number) { return reinterpret_cast<N*>(items_ + number * layout_.bytes); }
  N* waiting(size_t depth) { return reinterpret_cast<N*>(waiting_.data() + depth * stride()); }
  size_t stride() const { return (layout_.bytes + sizeof(T) - 1) / sizeof(T) * sizeof(T); }

  uint32_t tree() {
    indices_ = live_;
    frames_.clear();
    uint32_t made = 0;
    if (enter(0, indices_.size(), true, made)) return made;
    for (;;) {
      const size_t depth = frames_.size() - 1;
      Frame& top = frames_[depth];
      if (top.planted > 0) waiting(depth)->children[(top.planted - 1) ^ top.flip] = static_cast<int32_t>(made);
      if (top.planted < 2) {
        // The smaller side comes first, as in Annoy.
        const bool second = ((top.planted++) ^ top.flip) != 0;
        const size_t begin = second ? top.middle : top.begin;
        const size_t end = second ? top.end : top.middle;
        if (!enter(begin, end, false, made)) made = 0;
        continue;
      }
      made = addNode();
      std::memcpy(grove_.memory.data() + (made - itemCount_) * layout_.bytes, waiting(depth), layout_.bytes);
      frames_.pop_back();
      if (frames_.empty()) return made;
    }
  }

  /// Begins the subtree of the items `begin … end - 1` of indices_. True where it is whole: then `made` is its number. False where it is a split,
  /// whose sides are to be planted first.
  bool enter(size_t begin, size_t end, bool isRoot, uint32_t& made) {
    const size_t count = end - begin;
    if (count == 1 && !isRoot) {
      made = static_cast<uint32_t>(indices_[begin]);
      return true;
    }
    const bool fits = count <= static_cast<size_t>(layout_.capacity);
    if (fits && (!isRoot || itemCount_ <= static_cast<uint32_t>(layout_.capacity) || count == 1)) {
      made = addNode();
      uint8_t* at = grove_.memory.data() + (made - itemCount_) * layout_.bytes;
      *reinterpret_cast<int32_t*>(at) = static_cast<int32_t>(isRoot ? itemCount_ : count);
      if (count > 0) std::memcpy(at + layout_.children, &indices_[begin], count * sizeof(int32_t));
      progress_.add(count);
      return true;
    }
    const size_t depth = frames_.size();
    if (waiting_.size() < (depth + 1) * stride()) waiting_.resize((depth + 1) * stride());
    const size_t left = split(begin, end, waiting(depth));
    waiting(depth)->n_descendants = static_cast<int32_t>(isRoot ? itemCount_ : count);
    frames_.push_back({begin, begin + left, end, left > count - left ? 1 : 0, 0});
    return false;
  }

  /// Finds a hyperplane and puts the items of its two sides one behind the other, each in the order they had. Gives the number of the first.
  size_t split(size_t begin, size_t end, N* node) {
    const size_t count = end - begin;
    std::memset(static_cast<void*>(node), 0, layout_.bytes);
    nodes_.resize(count);
    for (size_t i = 0; i < count; i++) nodes_[i] = item(static_cast<uint32_t>(indices_[begin + i]));
    sides_.resize(count);
    size_t right = 0;
    for (int attempt = 0; attempt < attempts; attempt++) {
      D::create_split(nodes_, static_cast<int>(layout_.words), layout_.bytes, random_, node);
      right = putOnSides(node, count);
      if (imbalance(count - right, right) < goodImbalance) break;
    }
    while (imbalance(count - right, right) > worstImbalance) {
      // No hyperplane divides them: chance does.
      for (size_t z = 0; z < layout_.words; z++) node->v[z] = 0;
      right = 0;
      for (size_t i = 0; i < count; i++) right += sides_[i] = static_cast<uint8_t>(random_.flip());
    }
    partition(begin, count);
    return count - right;
  }

  size_t putOnSides(const N* node, size_t count) {
    size_t right = 0;
    const int f = static_cast<int>(layout_.words);
    for (size_t i = 0; i < count;) {
      const size_t until = std::min(count, i + step);
      if constexpr (std::is_same_v<T, float>) {
        for (; i + dotsAtOnce <= until; i += dotsAtOnce) {
          const float* vectors[dotsAtOnce];
          float margins[dotsAtOnce];
          for (size_t r = 0; r < dotsAtOnce; r++) vectors[r] = nodes_[i + r]->v;
          plainDots(node->v, vectors, layout_.words, margins);
          for (size_t r = 0; r < dotsAtOnce; r++) {
            const float margin = marginOf(static_cast<const D*>(nullptr), node, margins[r]);
            right += sides_[i + r] = static_cast<uint8_t>(margin != 0 ? margin > 0 : random_.flip());
          }
        }
      }
      for (; i < until; i++) right += sides_[i] = static_cast<uint8_t>(D::side(node, nodes_[i]->v, f, random_));
      progress_.add(0);
    }
    return right;
  }

  void partition(size_t begin, size_t count) {
    others_.clear();
    size_t left = begin;
    for (size_t i = 0; i < count; i++) {
      if (sides_[i]) {
        others_.push_back(indices_[begin + i]);
      } else {
        indices_[left++] = indices_[begin + i];
      }
    }
    std::copy(others_.begin(), others_.end(), indices_.begin() + static_cast<std::ptrdiff_t>(left));
  }

  uint32_t addNode() {
    if (itemCount_ + grove_.count + 1 >= maxNodes) {
      throw Error("NOT_SUPPORTED", "Annoy numbers at most " + std::to_string(maxNodes) + " nodes, items included. Plant fewer trees.");
    }
    grove_.memory.grow((grove_.count + 1) * layout_.bytes);
    return itemCount_ + static_cast<uint32_t>(grove_.count++);
  }

  const NodeLayout& layout_;
  uint8_t* items_;
  const uint32_t itemCount_;
  ::Kiss64Random random_;
  Progress& progress_;
  Grove grove_;
  std::vector<int32_t> live_, indices_, others_;
  std::vector<N*> nodes_;
  std::vector<uint8_t> sides_;
  std::vector<uint8_t> waiting_;
  std::vector<Frame> frames_;
};

template <class D, class T>
std::vector<Grove> sow(const NodeLayout& layout, uint8_t* items, uint32_t count, size_t trees, uint64_t seed, unsigned threads, Progress& progress) {
  using N = typename D::template Node<int32_t, T>;
  static_assert(isLaidOutAs<N>(NodeLayout(distanceOf(static_cast<const D*>(nullptr)), 7)), "the layout of Annoy's nodes");
  D::template preprocess<T, int32_t, N>(items, layout.bytes, static_cast<int32_t>(count), static_cast<int>(layout.words));
  std::vector<Grove> groves(threads);
  std::vector<std::exception_ptr> thrown(threads);
  auto work = [&](unsigned thread) {
    try {
      // Trees as annoylib deals them out; where it plants until memory has doubled, each thread adds its share.
      const size_t mine = trees == 0 ? 0 : (trees + thread) / threads;
      if (trees != 0 && mine == 0) return;
      Sower<D, T> sower(layout, items, count, seed + thread, progress);
      groves[thread] = sower.sow(mine, count + (count + threads - 1) / threads);
    } catch (...) {
      thrown[thread] = std::current_exception();
      progress.stop();
    }
  };
  std::vector<std::thread> others;
  try {
    for (unsigned thread = 1; thread < threads; thread++) others.emplace_back(work, thread);
  } catch (...) {
    thrown[0] = std::current_exception();
    progress.stop();
  }
  if (!thrown[0]) work(0);
  for (std::thread& other : others) other.join();
  // What stopped the others, and not that they were stopped.
  std::exception_ptr first;
  for (const std::exception_ptr& one : thrown) {
    if (!one) continue;
    try {
      std::rethrow_exception(one);
    } catch (const Aborted&) {
      if (!first) first = one;
    } catch (...) {
      std::rethrow_exception(one);
    }
  }
  if (first) std::rethrow_exception(first);
  return groves;
}

}  // namespace

/// Puts groves together into a forest.
class Planter {
 public:
  static void unite(Forest& forest, std::vector<Grove>& groves) {
    const size_t bytes = forest.layout_.bytes;
    size_t nodes = 0;
    size_t trees = 0;
    for (const Grove& grove : groves) {
      nodes += grove.count;
      trees += grove.roots.size();
    }
    if (forest.items_ + nodes + trees >= maxNodes) {
      throw Error("NOT_SUPPORTED", "Annoy numbers at most " + std::to_string(maxNodes) + " nodes, items included. Plant fewer trees.");
    }
    NodeMemory memory = std::move(groves[0].memory);
    memory.grow((nodes + trees) * bytes);
    std::vector<uint32_t> roots;
    roots.reserve(trees);
    size_t end = 0;
    for (size_t g = 0; g < groves.size(); g++) {
      Grove& grove = groves[g];
      if (g > 0 && grove.count > 0) {
        std::memcpy(memory.data() + end * bytes, grove.memory.data(), grove.count * bytes);
        for (size_t i = 0; i < grove.count; i++) shiftChildren(forest, memory.data() + (end + i) * bytes, static_cast<int32_t>(end));
      }
      for (const uint32_t root : grove.roots) roots.push_back(root + static_cast<uint32_t>(end));
      end += grove.count;
      grove.memory = NodeMemory();
    }
    // The roots once more at the end, where Annoy looks for them.
    for (uint32_t& root : roots) {
      std::memcpy(memory.data() + end * bytes, memory.data() + (root - forest.items_) * bytes, bytes);
      root = forest.items_ + static_cast<uint32_t>(end++);
    }
    forest.treeMemory_ = std::move(memory);
    forest.trees_ = forest.treeMemory_.data();
    forest.treeNodes_ = static_cast<uint32_t>(end);
    forest.roots_ = std::move(roots);
  }

  static void shiftChildren(const Forest& forest, uint8_t* at, int32_t by) {
    if (*reinterpret_cast<const int32_t*>(at) <= forest.layout_.capacity) return;
    int32_t* children = reinterpret_cast<int32_t*>(at + forest.layout_.children);
    for (int side = 0; side < 2; side++) {
      if (children[side] >= static_cast<int32_t>(forest.items_)) children[side] += by;
    }
  }
};

void Forest::plant(size_t trees, uint64_t seed, unsigned threads, const Checkpoint& checkpoint) {
  if (isPlanted()) throw Error("ALREADY_TRAINED", "The trees are planted already.");
  if (items_ == 0) throw Error("EMPTY_BUILD", "There are no items to plant trees over.");
  if (threads == 0) threads = 1;
  if (trees != 0 && threads > trees) threads = static_cast<unsigned>(trees);
  // Every item is put into a leaf once a tree.
  Progress progress(checkpoint, static_cast<uint64_t>(items_) * std::max<size_t>(trees, 1));
  uint8_t* items = itemMemory_.data();
  std::vector<Grove> groves;
  switch (layout_.distance) {
    case Distance::angular:
      groves = sow<::Angular, float>(layout_, items, items_, trees, seed, threads, progress);
      break;
    case Distance::euclidean:
      groves = sow<::Euclidean, float>(layout_, items, items_, trees, seed, threads, progress);
      break;
    case Distance::manhattan:
      groves = sow<::Manhattan, float>(layout_, items, items_, trees, seed, threads, progress);
      break;
    case Distance::dot:
      groves = sow<::DotProduct, float>(layout_, items, items_, trees, seed, threads, progress);
      break;
    case Distance::hamming:
      groves = sow<::Hamming, uint64_t>(layout_, items, items_, trees, seed, threads, progress);
      break;
  }
  Planter::unite(*this, groves);
}

}  // namespace cbir::annoy
