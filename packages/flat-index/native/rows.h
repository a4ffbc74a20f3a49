// Rows: the vectors of the index, in blocks, so that growing never copies what is there.
#pragma once
#include <cbir/metric.h>
#include <cbir/pages.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "codes.h"

namespace cbir::flat {

// Numbers of a row that bring a product to the scale on which rows are compared: `multiply · ⟨q, x⟩ + scale · add` (see Bounds).
// `add` is NaN for a row whose products could leave float's range: it is then compared exactly, always.
struct RowTerms {
  float* multiply;
  float* add;
};

// One block. Row `i` of it: `stride` floats from `vectors + i · stride` on, zeros after the last dimension.
struct Block {
  Pages memory;
  float* vectors = nullptr;
  double* squaredNorms = nullptr;
  RowTerms terms{};
  Codes codes{};
};

class Rows {
 public:
  // `blockBytes`: about how much the vectors of a block take.
  Rows(Metric metric, Storage storage, size_t dimensions, size_t blockBytes = defaultBlockBytes);

  Metric metric() const { return metric_; }
  Storage storage() const { return storage_; }
  size_t dimensions() const { return dimensions_; }
  // Floats from a row to the next: whole cache lines.
  size_t stride() const { return stride_; }
  size_t rowsPerBlock() const { return rowsPerBlock_; }
  size_t count() const { return count_; }
  // Memory behind the rows that were reserved: of a single block what they touch, else that of all blocks.
  size_t bytes() const { return blocks_.size() > 1 ? blocks_.size() * blockBytes_ : reserved_ * (blockBytes_ / rowsPerBlock_); }

  const Block& block(size_t index) const { return *blocks_[index]; }
  const float* row(size_t index) const {
    return blocks_[index / rowsPerBlock_]->vectors + (index % rowsPerBlock_) * stride_;
  }
  double squaredNorm(size_t index) const { return blocks_[index / rowsPerBlock_]->squaredNorms[index % rowsPerBlock_]; }

  // Takes the memory for `rows` rows in all; where there is not enough, throws std::bad_alloc and changes nothing.
  void reserve(size_t rows);
  // Puts a vector of `dimensions` floats at a place below what is reserved. Different rows may be put by different threads.
  void put(size_t row, const float* vector);
  // From now on there are `rows` rows.
  void commit(size_t rows) { count_ = rows; }
  // Copies rows without the zeros behind them.
  void copyTo(size_t first, size_t rows, float* to) const;

  // So that bytes for codes fill a huge page, too.
  static constexpr size_t defaultBlockBytes = size_t{8} << 20;

 private:
  Metric metric_;
  Storage storage_;
  size_t dimensions_;
  size_t stride_;
  size_t rowsPerBlock_;
  size_t blockBytes_;
  size_t count_ = 0;
  size_t reserved_ = 0;
  std::vector<std::unique_ptr<Block>> blocks_;
};

}  // namespace cbir::flat
