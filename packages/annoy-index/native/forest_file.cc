// Annoy's file: the nodes one after the other and nothing else. What is read is checked link by link before anything follows a link.
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <cbir/error.h>

#include "forest.h"

namespace cbir::annoy {

namespace {

/// Bytes that are read or written between two checkpoints.
constexpr size_t chunkBytes = size_t{1} << 20;
/// Nodes that are checked between two checkpoints.
constexpr uint32_t checkStep = 4096;

struct File {
  std::FILE* handle;
  explicit File(std::FILE* file) : handle(file) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (handle != nullptr) std::fclose(handle);
  }
};

[[noreturn]] void failed(const char* what, const std::string& path, int error) {
  throw Error("IO_FAILED", std::string("Cannot ") + what + " " + path + ": " + std::strerror(error) + ".");
}

[[noreturn]] void corrupt(const std::string& path, const std::string& what) {
  throw Error("CORRUPT_DATA", path + " is no index of Annoy with this metric and these dimensions, or it is damaged: " + what + ".");
}

uint64_t sizeOf(std::FILE* file, const std::string& path) {
#if defined(_WIN32)
  if (_fseeki64(file, 0, SEEK_END) != 0) failed("read", path, errno);
  const int64_t size = _ftelli64(file);
#else
  if (fseeko(file, 0, SEEK_END) != 0) failed("read", path, errno);
  const int64_t size = ftello(file);
#endif
  if (size < 0) failed("read", path, errno);
  std::rewind(file);
  return static_cast<uint64_t>(size);
}

/// Finds the roots as annoylib's load() does: the nodes at the end with as many descendants as the last one.
std::vector<uint32_t> findRoots(const uint8_t* data, const NodeLayout& layout, uint32_t nodes, size_t trees) {
  const auto at = [&](uint32_t i) { return Node{data + i * layout.bytes, &layout}; };
  const int32_t most = at(nodes - 1).descendants();
  std::vector<uint32_t> roots;
  if (trees > 0) {
    for (size_t t = 0; t < trees && t < nodes; t++) roots.push_back(static_cast<uint32_t>(nodes - 1 - t));
    return roots;
  }
  for (uint32_t i = nodes; i-- > 0 && at(i).descendants() == most;) roots.push_back(i);
  // The root of the last tree stands right before the copies of all roots; annoylib drops it by its first child.
  if (roots.size() > 1 && at(roots.front()).children()[0] == at(roots.back()).children()[0]) roots.pop_back();
  return roots;
}

/// Checks every link of nodes that came from a file.
class LinkCheck {
 public:
  LinkCheck(const std::string& path, const Forest& forest, const Checkpoint& checkpoint) : path_(path), forest_(forest), checkpoint_(checkpoint) {}

  void run() {
    checkItems();
    checkTreeNodes();
    for (const uint32_t root : forest_.roots()) checkTree(root);
  }

 private:
  void checkItems() {
    const NodeLayout& layout = forest_.layout();
    for (uint32_t i = 0; i < forest_.items(); i++) {
      const Node node = forest_.node(i);
      if (node.descendants() != 0 && node.descendants() != 1) corrupt(path_, "item " + std::to_string(i) + " has descendants");
      live_ += static_cast<uint32_t>(node.descendants());
      if (layout.distance != Distance::hamming && node.descendants() == 1) checkVector(node, i);
      if (i % checkStep == 0) checkpoint_(i, forest_.nodes());
    }
  }

  void checkVector(const Node& node, uint32_t item) {
    const NodeLayout& layout = forest_.layout();
    float sum = 0;
    // Adding x · 0 gives 0, or NaN where x is not finite.
    for (size_t z = 0; z < layout.words; z++) sum += node.vector()[z] * 0.0f;
    if (layout.distance == Distance::angular) sum += node.number(layout.children) < 0 ? NAN : 0.0f;
    if (!(sum == 0)) corrupt(path_, "item " + std::to_string(item) + " has a number that is not finite");
  }

  /// Children come before their parents in the file, and the descendants of a split are those of its two sides: so every way down ends, and no
  /// tree has more leaves than there are items. Hyperplanes may be anything, as Annoy makes infinite ones of very large numbers.
  void checkTreeNodes() {
    const NodeLayout& layout = forest_.layout();
    const uint32_t items = forest_.items();
    for (uint32_t i = items; i < forest_.nodes(); i++) {
      const Node node = forest_.node(i);
      const int32_t descendants = node.descendants();
      const auto wrong = [&](const char* what) { corrupt(path_, "node " + std::to_string(i) + " " + what); };
      if (descendants < 1 || static_cast<uint32_t>(descendants) > items) wrong("has an impossible number of descendants");
      if (descendants <= layout.capacity) {
        for (int32_t c = 0; c < descendants; c++) {
          if (static_cast<uint32_t>(node.children()[c]) >= items) wrong("lists an item that there is not");
        }
      } else {
        uint64_t sum = 0;
        for (int side = 0; side < 2; side++) {
          const uint32_t child = static_cast<uint32_t>(node.children()[side]);
          if (child >= i) wrong("has a child that is not before it");
          sum += child < items ? 1 : static_cast<uint64_t>(forest_.node(child).descendants());
        }
        // A root counts holes as descendants.
        const bool isRoot = static_cast<uint32_t>(descendants) == items;
        if (isRoot ? sum > static_cast<uint64_t>(descendants) + 1 : sum != static_cast<uint64_t>(descendants)) wrong("miscounts its descendants");
        if (layout.distance == Distance::hamming && node.bits()[0] >= layout.words * 64) wrong("splits at a bit that there is not");
      }
      if (i % checkStep == 0) checkpoint_(i, forest_.nodes());
    }
  }

  /// Every item that is there must be in every tree.
  void checkTree(uint32_t root) {
    const NodeLayout& layout = forest_.layout();
    const uint32_t items = forest_.items();
    std::vector<bool> seen(items);
    uint32_t found = 0;
    uint64_t visited = 0;
    const auto see = [&](uint32_t item) {
      if (seen[item] || forest_.node(item).descendants() != 1) return;
      seen[item] = true;
      found++;
    };
    std::vector<uint32_t> open{root};
    while (!open.empty()) {
      const uint32_t number = open.back();
      open.pop_back();
      if (++visited > forest_.nodes()) corrupt(path_, "a tree has more nodes than the file");
      if (visited % checkStep == 0) checkpoint_(forest_.nodes(), forest_.nodes());
      const Node node = forest_.node(number);
      if (number < items) {
        see(number);
      } else if (node.descendants() <= layout.capacity) {
        for (int32_t c = 0; c < node.descendants(); c++) see(static_cast<uint32_t>(node.children()[c]));
      } else {
        open.push_back(static_cast<uint32_t>(node.children()[0]));
        open.push_back(static_cast<uint32_t>(node.children()[1]));
      }
    }
    if (found != live_) corrupt(path_, "the tree of root " + std::to_string(root) + " has " + std::to_string(found) + " of " + std::to_string(live_) + " items");
  }

  const std::string& path_;
  const Forest& forest_;
  const Checkpoint& checkpoint_;
  uint32_t live_ = 0;
};

}  // namespace

Forest Forest::open(Distance distance, size_t dimensions, const std::string& path, size_t trees, bool map, const Checkpoint& checkpoint) {
  Forest forest(distance, dimensions);
  const size_t nodeBytes = forest.layout_.bytes;
  File file(std::fopen(path.c_str(), "rb"));
  if (file.handle == nullptr) failed("read", path, errno);
  const uint64_t size = sizeOf(file.handle, path);
  if (size == 0 || size % nodeBytes != 0) {
    corrupt(path, "its " + std::to_string(size) + " bytes are no multiple of a node's " + std::to_string(nodeBytes));
  }
  if (size / nodeBytes >= INT32_MAX) corrupt(path, "it has more nodes than Annoy can number");
  if (map) {
    forest.itemMemory_ = NodeMemory::mapped(path, size);
  } else {
    forest.itemMemory_.grow(size);
    for (uint64_t at = 0; at < size;) {
      const size_t wanted = static_cast<size_t>(std::min<uint64_t>(chunkBytes, size - at));
      const size_t got = std::fread(forest.itemMemory_.data() + at, 1, wanted, file.handle);
      if (got == 0) failed("read", path, std::ferror(file.handle) != 0 ? errno : EIO);
      at += got;
      checkpoint(at / nodeBytes, size / nodeBytes);
    }
  }
  const uint8_t* data = forest.itemMemory_.data();
  const uint32_t nodes = static_cast<uint32_t>(size / nodeBytes);
  const int32_t items = Node{data + (nodes - 1) * nodeBytes, &forest.layout_}.descendants();
  if (items < 1 || static_cast<uint32_t>(items) >= nodes) corrupt(path, "its last node is no root");
  forest.items_ = static_cast<uint32_t>(items);
  forest.treeNodes_ = nodes - forest.items_;
  forest.trees_ = data + forest.items_ * nodeBytes;
  if (trees > forest.treeNodes_) corrupt(path, "it has fewer nodes than trees");
  forest.roots_ = findRoots(data, forest.layout_, nodes, trees);
  for (const uint32_t root : forest.roots_) {
    if (forest.node(root).descendants() != items) corrupt(path, "the copies of its roots do not stand at the end");
  }
  LinkCheck(path, forest, checkpoint).run();
  return forest;
}

void Forest::write(const std::string& path, const uint8_t* freed, size_t freedBytes, const Checkpoint& checkpoint) const {
  File file(std::fopen(path.c_str(), "wb"));
  if (file.handle == nullptr) failed("write", path, errno);
  const size_t perChunk = std::max<size_t>(1, chunkBytes / layout_.bytes);
  const auto put = [&](const uint8_t* bytes, size_t count) {
    if (std::fwrite(bytes, 1, count, file.handle) != count) failed("write", path, errno);
  };
  std::vector<uint8_t> hole;
  const auto isFreed = [&](size_t item) { return item < items_ && item / 8 < freedBytes && ((freed[item / 8] >> (item % 8)) & 1) != 0; };
  for (size_t from = 0; from < nodes();) {
    checkpoint(from, nodes());
    const uint8_t* at = node(static_cast<uint32_t>(from)).at;
    if (isFreed(from)) {
      hole.assign(at, at + layout_.bytes);
      std::memset(hole.data(), 0, sizeof(int32_t));
      put(hole.data(), hole.size());
      from++;
      continue;
    }
    // Items and trees may lie in memory of their own.
    const size_t end = std::min<size_t>(from + perChunk, from < items_ ? items_ : nodes());
    size_t to = from + 1;
    while (to < end && !isFreed(to)) to++;
    put(at, (to - from) * layout_.bytes);
    from = to;
  }
  if (std::fflush(file.handle) != 0) failed("write", path, errno);
  std::FILE* handle = file.handle;
  file.handle = nullptr;
  if (std::fclose(handle) != 0) failed("write", path, errno);
  checkpoint(nodes(), nodes());
}

}  // namespace cbir::annoy
