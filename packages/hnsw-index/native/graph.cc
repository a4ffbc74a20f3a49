// Graph: see graph.h.
#include "graph.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace cbir::hnsw {

namespace {

constexpr size_t cacheLine = 64;
constexpr size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }

/// Insertions that a pool thread does between two looks at the other work: a few tenths of a millisecond each.
constexpr size_t insertGrain = 4;
/// Rows that are copied or encoded so.
constexpr size_t copyGrain = 512;
/// Nodes that have new vectors and old links at once: one in so many, within bounds.
constexpr size_t staleShare = 100;
constexpr size_t fewestStale = 8;
constexpr size_t mostStale = 1024;
/// The highest layer: the draw has 53 bits, so that no M leads beyond it.
constexpr int maxLayer = 60;

uint64_t mixed(uint64_t x) {  // splitmix64, Steele et al. 2014
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

Graph::Graph(const Settings& settings)
    : hnswlib::HierarchicalNSW<float>(nullptr), settings_(settings), space_(settings.metric, settings.dimensions) {
  if (settings.M < 2 || settings.M > maxM) {
    throw Error("INVALID_CONFIG", "M must be from 2 to " + std::to_string(maxM) + ", got " + std::to_string(settings.M) + ".");
  }
  if (settings.codes) codeSpace_ = CodeSpace(settings.metric, settings.dimensions);
  M_ = settings.M;
  maxM_ = M_;
  maxM0_ = 2 * M_;
  ef_construction_ = std::max(settings.efConstruction, M_);
  mult_ = 1 / std::log(static_cast<double>(M_));
  revSize_ = 1 / mult_;
  data_size_ = space_.rowBytes();
  fstdistfunc_ = space_.get_dist_func();
  dist_func_param_ = space_.get_dist_func_param();
  size_links_level0_ = maxM0_ * sizeof(tableint) + sizeof(hnswlib::linklistsizeint);
  size_links_per_element_ = maxM_ * sizeof(tableint) + sizeof(hnswlib::linklistsizeint);
  offsetLevel0_ = 0;
  offsetData_ = roundUp(size_links_level0_, cacheLine);
  codeBytes_ = roundUp(codeSpace_.rowBytes(), cacheLine);
  label_offset_ = offsetData_;  // there are no labels: row r is node r
  size_data_per_element_ = roundUp(offsetData_ + data_size_, cacheLine);
  enterpoint_node_ = static_cast<tableint>(-1);
  maxlevel_ = -1;
}

Graph::~Graph() {
  // The base frees the lists of upper layers; the blocks are ours.
  data_level0_memory_ = nullptr;
}

size_t Graph::bytes() const {
  return nodes() * (size_data_per_element_ + codeBytes_);
}

// ---- Nodes

int Graph::levelOf(size_t node) const {
  const double draw = (static_cast<double>(mixed(mixed(settings_.seed) ^ node) >> 11) + 1) * 0x1.0p-53;  // in (0, 1]
  return std::min(maxLayer, static_cast<int>(-std::log(draw) * mult_));
}

void Graph::reserve(size_t nodes) {
  if (nodes <= capacity_) return;
  if (nodes > maxNodes) {
    throw Error("NOT_SUPPORTED", "A graph holds up to " + std::to_string(maxNodes) + " rows; " + std::to_string(nodes) +
                                     " were wanted. Spread them over several indexes.");
  }
  const size_t capacity = std::min(maxNodes, std::max(nodes, capacity_ + capacity_ / 2 + 64));
  const size_t used = this->nodes();
  BlockMemory memory(capacity * size_data_per_element_);
  if (used > 0) std::memcpy(memory.data(), memory_.data(), used * size_data_per_element_);
  BlockMemory codes(capacity * codeBytes_);
  if (codeBytes_ > 0 && used > 0) std::memcpy(codes.data(), codes_.data(), used * codeBytes_);
  element_levels_.resize(capacity);
  linked_.resize(capacity);
  std::vector<std::mutex>(capacity).swap(link_list_locks_);
  char** const lists = static_cast<char**>(std::realloc(linkLists_, capacity * sizeof(char*)));
  if (lists == nullptr) throw std::bad_alloc();
  linkLists_ = lists;
  memory_ = std::move(memory);
  codes_ = std::move(codes);
  data_level0_memory_ = memory_.data();
  capacity_ = capacity;
  max_elements_ = capacity;
}

void Graph::makeNodes(size_t nodes) {
  reserve(nodes);
  const size_t first = this->nodes();
  size_t made = first;
  try {
    for (; made < nodes; made++) {
      const int level = levelOf(made);
      linkLists_[made] = nullptr;
      if (level > 0) {
        linkLists_[made] = static_cast<char*>(std::calloc(static_cast<size_t>(level), size_links_per_element_));
        if (linkLists_[made] == nullptr) throw std::bad_alloc();
      }
      element_levels_[made] = level;
      linked_[made] = 0;
    }
  } catch (...) {
    while (made > first) std::free(linkLists_[--made]);
    throw;
  }
  for (size_t node = first; node < nodes; node++) std::memset(block(node), 0, offsetData_);
  if (codeBytes_ > 0) std::memset(codesOf(first), 0, (nodes - first) * codeBytes_);
  cur_element_count = nodes;
}

void Graph::place(size_t node, const float* vector) {
  char* const row = getDataByInternalId(static_cast<tableint>(node));
  space_.store(vector, row);
  if (codeSpace_.present()) cutSinceFit_.fetch_add(codeSpace_.encode(space_, row, codesOf(node)), std::memory_order_relaxed);
}

// ---- Changes

template <class Node, class Change>
void Graph::forEachNode(size_t count, Task& task, const Node& nodeAt, const Change& change) {
  if (settings_.reproducible) {
    for (size_t i = 0; i < count; i++) {
      task.throwIfAborted();
      change(nodeAt(i));
      task.progress(i + 1, count);
    }
    return;
  }
  std::atomic<uint64_t> done{0};
  task.parallel(count, insertGrain, [&](size_t begin, size_t end, unsigned) {
    for (size_t i = begin; i < end; i++) change(nodeAt(i));
    task.progress(done.fetch_add(end - begin, std::memory_order_relaxed) + end - begin, count);
  });
}

void Graph::append(const float* vectors, size_t count, size_t following, Task& task) {
  task.throwIfAborted();
  const size_t first = rows_;
  reserve(std::min(maxNodes, first + count + following));
  if (first + count > nodes()) makeNodes(first + count);
  task.parallel(count, copyGrain, [&](size_t begin, size_t end, unsigned) {
    for (size_t i = begin; i < end; i++) place(first + i, vectors + i * space_.dimensions());
  });
  const size_t alone = maxlevel_ < 0 ? 1 : 0;  // the first node of all: every other starts from it
  if (alone > 0) link(static_cast<tableint>(first));
  forEachNode(
      count - alone, task, [&](size_t i) { return static_cast<tableint>(first + alone + i); },
      [&](tableint node) {
        // A node that an insertion left behind may be linked already, and has another vector now.
        if (linked_[node]) {
          relink(node);
        } else {
          link(node);
        }
      });
  placed(count, first + count);
  rows_ = first + count;
}

void Graph::overwrite(const uint32_t* rows, const float* vectors, size_t count, Task& task) {
  for (size_t i = 0; i < count; i++) {
    if (rows[i] >= rows_) throw Error("INVALID_ARGUMENT", "There is no row " + std::to_string(rows[i]) + " to overwrite.");
  }
  task.throwIfAborted();
  const size_t dimensions = space_.dimensions();
  std::vector<float> old(count * dimensions);
  for (size_t i = 0; i < count; i++) std::memcpy(&old[i * dimensions], vector(rows[i]), dimensions * sizeof(float));
  // A part at a time: a node with its new vector and its old links leads astray whoever comes upon it, so they must be few.
  const size_t part = std::clamp(nodes() / staleShare, fewestStale, mostStale);
  size_t touched = 0;
  const auto replace = [&](const float* from, size_t end, Task& by) {
    for (size_t at = 0; at < end; at += part) {
      const size_t now = std::min(part, end - at);
      touched = std::max(touched, at + now);
      for (size_t i = at; i < at + now; i++) place(rows[i], from + i * dimensions);
      forEachNode(now, by, [&](size_t i) { return static_cast<tableint>(rows[at + i]); }, [&](tableint node) { relink(node); });
    }
  };
  try {
    replace(vectors, count, task);
  } catch (...) {
    // The old vectors, and links that fit them. Should these fail too (no memory), they are worse than they were, never wrong.
    const std::exception_ptr cause = std::current_exception();
    const size_t end = touched;
    for (size_t i = 0; i < end; i++) place(rows[i], &old[i * dimensions]);
    try {
      Task undo(nullptr);
      replace(old.data(), end, undo);
    } catch (...) {
    }
    std::rethrow_exception(cause);
  }
  placed(count, rows_);
}

// When as many rows came as there were at the fit, or many of their coordinates were cut, the scale no longer suits them.
void Graph::placed(size_t count, size_t rows) {
  placedSinceFit_ += count;
  if (!codeSpace_.present() || rowsAtFit_ == 0) return;
  const bool manyCut = cutSinceFit_.load(std::memory_order_relaxed) > rows * space_.dimensions() / 100;
  if (placedSinceFit_ < rowsAtFit_ && !manyCut) return;
  try {
    Task task(nullptr);
    fitCodes(rows, task);
  } catch (const std::bad_alloc&) {  // the old scale goes on serving
  }
}

void Graph::makeCodes(Task& task) {
  fitCodes(rows_, task);
}

void Graph::fitCodes(size_t rows, Task& task) {
  if (codeSpace_.present()) {
    codeSpace_.fit(space_, rows, [&](size_t row) { return getDataByInternalId(static_cast<tableint>(row)); });
    task.parallel(nodes(), copyGrain, [&](size_t begin, size_t end, unsigned) {
      for (size_t node = begin; node < end; node++) codeSpace_.encode(space_, getDataByInternalId(static_cast<tableint>(node)), codesOf(node));
    });
  }
  rowsAtFit_ = rows;
  placedSinceFit_ = 0;
  cutSinceFit_.store(0, std::memory_order_relaxed);
}

}  // namespace cbir::hnsw
