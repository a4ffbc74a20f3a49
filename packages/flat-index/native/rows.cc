// Rows: see rows.h.
#include "rows.h"

#include <algorithm>
#include <cmath>

#include "rounding.h"

namespace cbir::flat {

namespace {

constexpr size_t lineFloats = Pages::alignment / sizeof(float);

size_t wholeLines(size_t bytes) { return (bytes + Pages::alignment - 1) / Pages::alignment * Pages::alignment; }

// Norms of which no product leaves float's range: squares between 2⁻¹⁰⁰ and 2¹⁰⁰.
bool isTame(double squared) { return squared >= 0x1p-100 && squared <= 0x1p100; }

}  // namespace

Rows::Rows(Metric metric, Storage storage, size_t dimensions, size_t blockBytes)
    : metric_(metric),
      storage_(storage),
      dimensions_(dimensions),
      stride_((dimensions + lineFloats - 1) / lineFloats * lineFloats),
      rowsPerBlock_(std::max<size_t>(1, blockBytes / (stride_ * sizeof(float)))) {
  const size_t n = rowsPerBlock_;
  blockBytes_ = wholeLines(n * stride_ * sizeof(float)) + wholeLines(n * sizeof(double)) + 2 * wholeLines(n * sizeof(float));
  if (storage_ != Storage::float32) {
    familyOf(metric_);
    blockBytes_ += wholeLines(n * stride_ * codeBytes(storage_)) + 4 * wholeLines(n * sizeof(float));
  }
}

void Rows::reserve(size_t rows) {
  const size_t needed = (rows + rowsPerBlock_ - 1) / rowsPerBlock_;
  if (needed <= blocks_.size()) {
    reserved_ = std::max(reserved_, rows);
    return;
  }
  std::vector<std::unique_ptr<Block>> fresh;
  for (size_t b = blocks_.size(); b < needed; b++) {
    auto block = std::make_unique<Block>();
    block->memory = Pages(blockBytes_);
    // An index of one block is small, and should not take more than it needs.
    if (needed > 1) block->memory.makeHuge();
    uint8_t* at = block->memory.data();
    const auto take = [&at](size_t bytes) {
      uint8_t* taken = at;
      at += wholeLines(bytes);
      return taken;
    };
    const size_t n = rowsPerBlock_;
    const auto floats = [&] { return reinterpret_cast<float*>(take(n * sizeof(float))); };
    block->vectors = reinterpret_cast<float*>(take(n * stride_ * sizeof(float)));
    if (storage_ == Storage::int8) block->codes.bytes = take(n * stride_);
    if (storage_ == Storage::float16) block->codes.halves = reinterpret_cast<uint16_t*>(take(n * stride_ * sizeof(uint16_t)));
    block->squaredNorms = reinterpret_cast<double*>(take(n * sizeof(double)));
    block->terms = {floats(), floats()};
    if (storage_ != Storage::float32) {
      block->codes.scale = floats();
      block->codes.offset = floats();
      block->codes.level = floats();
      block->codes.residual = floats();
    }
    fresh.push_back(std::move(block));
  }
  blocks_.reserve(needed);
  if (blocks_.size() == 1) blocks_[0]->memory.makeHuge();
  for (auto& block : fresh) blocks_.push_back(std::move(block));
  reserved_ = rows;
}

void Rows::put(size_t row, const float* vector) {
  Block& block = *blocks_[row / rowsPerBlock_];
  const size_t at = row % rowsPerBlock_;
  // In double and in this order, as the scan in TypeScript has it: the norm of a vector is the same number wherever it is made.
  double squaredNorm = 0;
  double absolute = 0;
  for (size_t j = 0; j < dimensions_; j++) {
    const double x = vector[j];
    squaredNorm += x * x;
    absolute += std::fabs(x);
  }
  std::copy(vector, vector + dimensions_, block.vectors + at * stride_);
  block.squaredNorms[at] = squaredNorm;

  float multiply = -1;
  float add = 0;
  bool tame = squaredNorm == 0 || isTame(squaredNorm);
  switch (metric_) {
    case Metric::euclidean:
      multiply = -2;
      add = static_cast<float>(squaredNorm);
      tame = squaredNorm <= 0x1p100;
      break;
    case Metric::cosine:
    case Metric::angular:
    case Metric::annoyAngular: multiply = squaredNorm == 0 ? 0 : static_cast<float>(-1 / std::sqrt(squaredNorm)); break;
    case Metric::innerProduct:
      add = roundUp(std::sqrt(squaredNorm) * (1 + 0x1p-30));
      tame = squaredNorm <= 0x1p100;
      break;
    case Metric::histogramIntersection:
      add = roundUp(absolute * (1 + 0x1p-30));
      tame = absolute <= 0x1p100;
      break;
    case Metric::manhattan:
    case Metric::hamming: tame = true; break;
  }
  block.terms.multiply[at] = tame ? multiply : -1;
  block.terms.add[at] = tame ? add : std::nanf("");
  if (storage_ != Storage::float32) {
    encode(storage_, metric_, vector, squaredNorm, dimensions_, stride_, block.codes, at);
  }
}

void Rows::copyTo(size_t first, size_t rows, float* to) const {
  for (size_t i = 0; i < rows; i++) {
    const float* from = row(first + i);
    std::copy(from, from + dimensions_, to + i * dimensions_);
  }
}

}  // namespace cbir::flat
