// GraphFile: a graph as a file of hnswlib, in the format of its saveIndex (0.4 to 0.8, C++, Python, hnswlib-node).
//
// A file is believed in nothing: every count, offset, level, link, label and number is checked before it is used.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/task.h>

#include "graph.h"

namespace cbir::hnsw {

struct GraphFileWants {
  Settings settings;         // M and efConstruction come from the file; dimensions too, where they are 0
  size_t rows = 0;           // nodes from here on are those that an insertion left behind; 0: all nodes are rows
  bool normalized = false;   // whether vectors must have length 1 (or 0), as hnswlib's cosine space keeps them
};

struct LoadedGraph {
  std::shared_ptr<Graph> graph;
  std::vector<uint64_t> labels;   // of each node, all different
  std::vector<uint32_t> deleted;  // nodes that carry hnswlib's mark
};

struct GraphFileLabels {
  const uint64_t* labels = nullptr;  // of each row; null: its number
  Bitmap live;                       // rows without the mark of the deleted, and with a label
};

class GraphFile {
 public:
  /// @throws Error NOT_FOUND, IO_FAILED, CORRUPT_DATA, DIMENSION_MISMATCH, Aborted, std::bad_alloc
  static LoadedGraph read(const std::string& path, const GraphFileWants& wants, Task& task);

  /// Writes to a path where nothing is, and returns when the content is on the device. `normalized`: vectors are written with length 1.
  /// @throws Error IO_FAILED, INVALID_ARGUMENT (a label twice), Aborted
  static void write(const Graph& graph, const std::string& path, const GraphFileLabels& labels, bool normalized, Task& task);
};

}  // namespace cbir::hnsw
