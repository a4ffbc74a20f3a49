// GraphFile: see graph_file.h.
#include "graph_file.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <unordered_set>

#if defined(_WIN32)
#include <io.h>
#else
#include <unistd.h>
#endif

namespace cbir::hnsw {

namespace {

/// The head of the file, as saveIndex writes its fields one by one, little-endian.
struct Head {
  uint64_t offsetLevel0, maxElements, count, stride, labelOffset, dataOffset;
  int32_t maxLevel;
  uint32_t entry;
  uint64_t maxLinks, maxLinks0, M;
  double mult;
  uint64_t efConstruction;
};
static_assert(sizeof(Head) == 96, "no padding between the fields");
#if defined(__BYTE_ORDER__)
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files of hnswlib are written as the machine has its numbers: little-endian");
#endif

constexpr uint64_t mostEfConstruction = 1000000;
constexpr int mostLayers = 64;
constexpr uint32_t deletedBit = uint32_t{1} << 16;
/// Nodes between two looks at the task.
constexpr size_t step = 1024;

Error ioFailed(const std::string& path, const char* doing, int number) {
  return Error(number == ENOENT ? "NOT_FOUND" : "IO_FAILED",
               std::string("Could not ") + doing + " " + path + ": " + std::generic_category().message(number) + ".");
}

[[noreturn]] void corrupt(const std::string& path, const std::string& what) {
  throw Error("CORRUPT_DATA", path + " is no whole file of hnswlib: " + what + ". Restore it from a copy or write it again.");
}

class File {
 public:
  File(const std::string& path, const char* mode, const char* doing) : path_(path), doing_(doing), file_(std::fopen(path.c_str(), mode)) {
    if (file_ == nullptr) throw ioFailed(path, doing, errno);
    std::setvbuf(file_, nullptr, _IOFBF, size_t{1} << 20);
  }
  ~File() {
    if (file_ != nullptr) std::fclose(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void read(void* to, size_t bytes) {
    if (std::fread(to, 1, bytes, file_) == bytes) return;
    if (std::ferror(file_)) throw ioFailed(path_, doing_, errno);
    corrupt(path_, "it ends too early");
  }
  void write(const void* from, size_t bytes) {
    if (std::fwrite(from, 1, bytes, file_) != bytes) throw ioFailed(path_, doing_, errno);
  }
  void zeros(size_t bytes) {
    static constexpr char none[256] = {};
    for (; bytes > 0; bytes -= std::min(bytes, sizeof none)) write(none, std::min(bytes, sizeof none));
  }
  /// Returns when all is on the device.
  void finish() {
    bool whole = std::fflush(file_) == 0;
#if defined(_WIN32)
    whole = whole && _commit(_fileno(file_)) == 0;
#else
    whole = whole && fsync(fileno(file_)) == 0;
#endif
    const int number = errno;
    const bool closed = std::fclose(file_) == 0;
    const int closeNumber = errno;
    file_ = nullptr;
    if (!whole || !closed) throw ioFailed(path_, doing_, whole ? closeNumber : number);
  }

 private:
  const std::string& path_;
  const char* doing_;
  std::FILE* file_;
};

uint64_t sizeOf(const std::string& path) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (failed && failed.value() != ENOENT) throw ioFailed(path, "read", failed.value());
  if (!std::filesystem::exists(status)) throw ioFailed(path, "read", ENOENT);
  if (!std::filesystem::is_regular_file(status)) throw Error("IO_FAILED", path + " is not a file. Give the path of a file of hnswlib.");
  const uint64_t size = std::filesystem::file_size(path, failed);
  if (failed) throw ioFailed(path, "read", failed.value());
  return size;
}

void checkHead(const Head& head, uint64_t size, const GraphFileWants& wants, const std::string& path) {
  const auto want = [&](bool fits, const char* what) {
    if (!fits) corrupt(path, what);
  };
  want(head.M >= 2 && head.M <= maxM && head.maxLinks == head.M && head.maxLinks0 == 2 * head.M, "its numbers of links do not fit each other");
  want(head.offsetLevel0 == 0 && head.dataOffset == 4 + 4 * head.maxLinks0, "its blocks do not begin with links and then the vector");
  want(head.labelOffset > head.dataOffset && head.labelOffset - head.dataOffset <= uint64_t{1} << 32 && (head.labelOffset - head.dataOffset) % 4 == 0,
       "its vectors are not made of float32 numbers");
  want(head.stride == head.labelOffset + 8, "its blocks do not end with the label");
  want(head.count >= 1 && head.count <= head.maxElements && head.count <= maxNodes, "its number of vectors is 0 or more than there can be");
  want(head.count <= (size - sizeof(Head)) / head.stride, "it is too short for its vectors");
  want(wants.rows <= head.count, "it has fewer vectors than rows are named");
  want(head.entry < head.count, "its entry point is none of its vectors");
  want(head.maxLevel >= 0 && head.maxLevel < mostLayers, "its number of layers is not possible");
  want(head.mult > 0 && std::isfinite(head.mult), "its level factor is not a positive number");
  want(head.efConstruction >= 1 && head.efConstruction <= mostEfConstruction, "its efConstruction is not possible");
  const uint64_t dimensions = (head.labelOffset - head.dataOffset) / 4;
  if (wants.settings.dimensions != 0 && wants.settings.dimensions != dimensions) {
    throw Error("DIMENSION_MISMATCH", path + " holds vectors of " + std::to_string(dimensions) + " dimensions; " +
                                          std::to_string(wants.settings.dimensions) + " were expected.");
  }
}

/// Checks a list that was read, all but the layers of what it links to.
void checkList(const uint32_t* list, size_t most, size_t nodes, bool marked, const std::string& path) {
  const uint32_t count = list[0] & 0xffff;
  if ((list[0] & ~(marked ? 0xffffu | deletedBit : 0xffffu)) != 0 || count > most) corrupt(path, "a list of links has more than it can hold");
  for (uint32_t i = 1; i <= count; i++)
    if (list[i] >= nodes) corrupt(path, "a link leads to no vector");
}

}  // namespace

LoadedGraph GraphFile::read(const std::string& path, const GraphFileWants& wants, Task& task) {
  const uint64_t size = sizeOf(path);
  if (size < sizeof(Head)) corrupt(path, "it is too short");
  File file(path, "rb", "read");
  Head head;
  file.read(&head, sizeof head);
  checkHead(head, size, wants, path);

  Settings settings = wants.settings;
  settings.M = head.M;
  settings.efConstruction = head.efConstruction;
  settings.dimensions = (head.labelOffset - head.dataOffset) / 4;
  LoadedGraph loaded;
  loaded.graph = std::make_shared<Graph>(settings);
  Graph& graph = *loaded.graph;
  const size_t count = head.count;
  graph.reserve(count);
  loaded.labels.resize(count);

  // Layer 0. Nodes count as there only when all was read, so that a failure frees nothing that was not made.
  std::vector<char> block(head.stride);
  std::vector<uint32_t> list(head.maxLinks0 + 1);
  std::vector<float> vector(settings.dimensions);
  for (size_t node = 0; node < count; node++) {
    if (node % step == 0) {
      task.throwIfAborted();
      task.progress(node, count);
    }
    file.read(block.data(), block.size());
    std::memcpy(list.data(), block.data(), list.size() * 4);
    checkList(list.data(), head.maxLinks0, count, true, path);
    if ((list[0] & deletedBit) != 0) loaded.deleted.push_back(static_cast<uint32_t>(node));
    list[0] &= 0xffff;
    std::memset(graph.block(node), 0, graph.offsetData_);
    std::memcpy(graph.block(node), list.data(), (list[0] + 1) * size_t{4});
    std::memcpy(vector.data(), block.data() + head.dataOffset, vector.size() * 4);
    double norm = 0;
    for (const float x : vector) {
      if (!std::isfinite(x)) corrupt(path, "a vector holds NaN or infinity");
      norm += static_cast<double>(x) * x;
    }
    if (wants.normalized && norm != 0 && std::fabs(norm - 1) > 1e-3) {
      corrupt(path, "its vectors do not have length 1, as those of a cosine index have (of another metric?)");
    }
    graph.space_.store(vector.data(), graph.getDataByInternalId(static_cast<tableint>(node)));
    std::memcpy(&loaded.labels[node], block.data() + head.labelOffset, 8);
    graph.element_levels_[node] = 0;
    graph.linkLists_[node] = nullptr;
    graph.linked_[node] = 1;
  }

  // The upper layers.
  const size_t listBytes = 4 + 4 * head.M;
  uint64_t left = size - sizeof(Head) - head.count * head.stride;
  graph.cur_element_count = count;
  for (size_t node = 0; node < count; node++) {
    uint32_t bytes;
    if (left < sizeof bytes) corrupt(path, "it ends too early");
    file.read(&bytes, sizeof bytes);
    left -= sizeof bytes;
    if (bytes == 0) continue;
    const size_t levels = bytes / listBytes;
    if (bytes % listBytes != 0 || levels > static_cast<size_t>(head.maxLevel) || bytes > left) corrupt(path, "the layers of a vector do not fit");
    graph.linkLists_[node] = static_cast<char*>(std::calloc(levels, listBytes));
    if (graph.linkLists_[node] == nullptr) throw std::bad_alloc();
    graph.element_levels_[node] = static_cast<int>(levels);
    left -= bytes;
    for (size_t level = 1; level <= levels; level++) {
      file.read(list.data(), listBytes);
      checkList(list.data(), head.M, count, false, path);
      std::memcpy(graph.get_linklist(static_cast<tableint>(node), static_cast<int>(level)), list.data(), (list[0] + 1) * size_t{4});
    }
  }
  if (left != 0) corrupt(path, "it goes on behind its end");
  if (graph.element_levels_[head.entry] != head.maxLevel) corrupt(path, "its entry point is not in the highest layer");
  for (size_t node = 0; node < count; node++) {
    for (int level = 1; level <= graph.element_levels_[node]; level++) {
      const uint32_t* const links = graph.get_linklist(static_cast<tableint>(node), level);
      for (uint32_t i = 1; i <= links[0]; i++)
        if (graph.element_levels_[links[i]] < level) corrupt(path, "a link leads to a vector that is not in its layer");
    }
  }
  std::unordered_set<uint64_t> seen;
  seen.reserve(count);
  for (const uint64_t label : loaded.labels)
    if (!seen.insert(label).second) corrupt(path, "the label " + std::to_string(label) + " is there twice");

  graph.enterpoint_node_ = head.entry;
  graph.maxlevel_ = head.maxLevel;
  graph.rows_ = wants.rows == 0 ? count : wants.rows;
  task.progress(count, count);
  return loaded;
}

void GraphFile::write(const Graph& graph, const std::string& path, const GraphFileLabels& given, bool normalized, Task& task) {
  const size_t count = graph.nodes();
  const auto live = [&](size_t node) { return node < graph.rows() && given.live.has(node); };
  std::vector<uint64_t> labels(count);
  if (given.labels == nullptr) {
    for (size_t node = 0; node < count; node++) labels[node] = node;
  } else {
    // What is not live has no label of its own, and must have one that nobody has: from the top down.
    std::unordered_set<uint64_t> taken;
    taken.reserve(count);
    for (size_t row = 0; row < graph.rows(); row++) {
      if (live(row) && !taken.insert(given.labels[row]).second)
        throw Error("INVALID_ARGUMENT", "The label " + std::to_string(given.labels[row]) + " is given twice; hnswlib wants another for each vector.");
    }
    uint64_t next = ~uint64_t{0};
    for (size_t node = 0; node < count; node++) {
      if (live(node)) {
        labels[node] = given.labels[node];
      } else {
        while (taken.count(next) != 0) next--;
        labels[node] = next--;
      }
    }
  }

  const size_t dimensions = graph.space().dimensions();
  Head head{};
  head.maxElements = std::max<uint64_t>(count, 1);
  head.count = count;
  head.dataOffset = 4 + 4 * graph.maxM0_;
  head.labelOffset = head.dataOffset + 4 * dimensions;
  head.stride = head.labelOffset + 8;
  head.maxLevel = graph.maxlevel_;
  head.entry = graph.enterpoint_node_;
  head.maxLinks = graph.maxM_;
  head.maxLinks0 = graph.maxM0_;
  head.M = graph.M_;
  head.mult = graph.mult_;
  head.efConstruction = graph.ef_construction_;

  File file(path, "wbx", "write");
  file.write(&head, sizeof head);
  const auto writeList = [&](const uint32_t* list, size_t most, bool deleted) {
    const uint32_t links = list[0] & 0xffff;
    const uint32_t first = links | (deleted ? deletedBit : 0);
    file.write(&first, 4);
    file.write(list + 1, links * size_t{4});
    file.zeros((most - links) * 4);
  };
  std::vector<float> scaled(dimensions);
  for (size_t node = 0; node < count; node++) {
    if (node % step == 0) {
      task.throwIfAborted();
      task.progress(node, count);
    }
    writeList(graph.get_linklist0(static_cast<tableint>(node)), graph.maxM0_, !live(node));
    const float* const vector = graph.vector(node);
    if (normalized) {
      const double norm = kernels().squaredNormExact(vector, dimensions);
      const double factor = norm > 0 ? 1 / std::sqrt(norm) : 0;
      for (size_t i = 0; i < dimensions; i++) scaled[i] = static_cast<float>(vector[i] * factor);
      file.write(scaled.data(), dimensions * 4);
    } else {
      file.write(vector, dimensions * 4);
    }
    file.write(&labels[node], 8);
  }
  for (size_t node = 0; node < count; node++) {
    if (node % step == 0) task.throwIfAborted();
    const size_t levels = graph.storedLevels(node);
    const uint32_t bytes = static_cast<uint32_t>(levels * (4 + 4 * graph.maxM_));
    file.write(&bytes, 4);
    for (size_t level = 1; level <= levels; level++)
      writeList(graph.get_linklist(static_cast<tableint>(node), static_cast<int>(level)), graph.maxM_, false);
  }
  file.finish();
  task.progress(count, count);
}

}  // namespace cbir::hnsw
