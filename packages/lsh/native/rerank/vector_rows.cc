// VectorRows: see vector_rows.h.
#include "vector_rows.h"

#include <algorithm>

#include <cbir/huge_pages.h>
#include <cbir/kernels.h>

namespace cbir::lsh {

namespace {

/// About how many bytes the vectors of a block take.
constexpr size_t blockBytes = size_t{8} << 20;

unsigned shiftFor(size_t dimensions) {
  unsigned shift = 0;
  while ((size_t{2} << shift) * dimensions * sizeof(float) <= blockBytes) shift++;
  return shift;
}

}  // namespace

VectorRows::VectorRows(Metric metric, size_t dimensions)
    : metric_(metric),
      dimensions_(dimensions),
      shift_(shiftFor(dimensions)),
      mask_((size_t{1} << shift_) - 1),
      rowsPerBlock_(size_t{1} << shift_) {}

void VectorRows::reserve(size_t rows) {
  const size_t needed = (rows + mask_) >> shift_;
  if (needed <= blocks_.size()) return;
  std::vector<Block> fresh(needed - blocks_.size());
  for (Block& block : fresh) {
    block.vectors.reset(new float[rowsPerBlock_ * dimensions_]);
    // Candidates lie here and there: with small pages each would miss the address translation. An index of one block is
    // small, and should not take more than it needs.
    if (needed > 1) wantHugePages(block.vectors.get(), rowsPerBlock_ * dimensions_ * sizeof(float));
    block.squaredNorms.reset(new double[rowsPerBlock_]);
  }
  blocks_.reserve(needed);
  for (Block& block : fresh) blocks_.push_back(std::move(block));
}

void VectorRows::put(size_t row, const float* vector) {
  Block& block = blocks_[row >> shift_];
  std::copy(vector, vector + dimensions_, block.vectors.get() + (row & mask_) * dimensions_);
  block.squaredNorms[row & mask_] = usesNorms(metric_) ? kernels().squaredNormExact(vector, dimensions_) : 0;
}

}  // namespace cbir::lsh
