// Neighbours: the rows found for a batch of queries, laid out as core's RowNeighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cbir {

/// Those of query i stand at offsets[i] … offsets[i + 1] - 1, closest first.
struct Neighbours {
  std::vector<uint32_t> rows;
  std::vector<float> distances;
  std::vector<uint32_t> offsets;

  /// Room for exactly `k` neighbours of each query; those of query i begin at i * k.
  static Neighbours fixed(size_t queries, size_t k) {
    Neighbours found;
    found.rows.resize(queries * k);
    found.distances.resize(queries * k);
    found.offsets.resize(queries + 1);
    for (size_t i = 0; i <= queries; i++) found.offsets[i] = static_cast<uint32_t>(i * k);
    return found;
  }

  /// Closes the gaps where query i found `counts[i]` ≤ `k` neighbours of the `k` that fixed() made room for.
  void shrink(const std::vector<uint32_t>& counts, size_t k) {
    size_t end = 0;
    for (size_t i = 0; i < counts.size(); i++) {
      if (end != i * k) {
        for (size_t j = 0; j < counts[i]; j++) {
          rows[end + j] = rows[i * k + j];
          distances[end + j] = distances[i * k + j];
        }
      }
      end += counts[i];
      offsets[i + 1] = static_cast<uint32_t>(end);
    }
    rows.resize(end);
    distances.resize(end);
  }
};

}  // namespace cbir
