// VectorRows: the vectors of an index by row, in blocks, so that growing never copies what is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cbir/metric.h>

namespace cbir::lsh {

class VectorRows {
 public:
  VectorRows(Metric metric, size_t dimensions);

  Metric metric() const { return metric_; }
  size_t dimensions() const { return dimensions_; }
  size_t count() const { return count_; }
  /// Memory behind so many rows, which were reserved: of a single block what they touch, else that of all blocks.
  size_t bytesOf(size_t rows) const {
    return (blocks_.size() > 1 ? blocks_.size() * rowsPerBlock_ : rows) * (dimensions_ * sizeof(float) + sizeof(double));
  }

  const float* row(size_t index) const {
    return blocks_[index >> shift_].vectors.get() + (index & mask_) * dimensions_;
  }
  /// Σx², 0 where the metric reads no norms.
  double squaredNorm(size_t index) const { return blocks_[index >> shift_].squaredNorms[index & mask_]; }

  /// Takes the memory for `rows` rows in all. @throws std::bad_alloc, and then nothing has changed
  void reserve(size_t rows);
  /// Puts a vector at a place below what is reserved. Different rows may be put by different threads.
  void put(size_t row, const float* vector);
  /// From now on there are `rows` rows.
  void commit(size_t rows) { count_ = rows; }

 private:
  struct Block {
    std::unique_ptr<float[]> vectors;
    std::unique_ptr<double[]> squaredNorms;
  };

  Metric metric_;
  size_t dimensions_;
  /// Rows a block: a power of two, 1 << shift_.
  unsigned shift_;
  size_t mask_;
  size_t rowsPerBlock_;
  size_t count_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace cbir::lsh
