// CodeRows: the codes of a hash index by row, in blocks, so that growing never copies what is there, and which rows
// hold one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cbir/pages.h>

namespace cbir::lsh {

class CodeRows {
 public:
  /// `blockBytes`: about how much the codes of a block take.
  explicit CodeRows(size_t bits, size_t blockBytes = defaultBlockBytes);

  size_t bits() const { return bits_; }
  /// 64-bit words a code takes.
  size_t words() const { return words_; }
  /// Rows ever used, those without a code included.
  size_t size() const { return size_; }
  /// Rows that hold a code.
  size_t count() const { return count_; }
  /// A power of two.
  size_t rowsPerBlock() const { return size_t{1} << shift_; }
  /// Memory behind the rows: of a single block what they touch, else that of all blocks.
  size_t bytes() const { return blocks_.size() > 1 ? blocks_.size() * blockBytes_ : size_ * words_ * sizeof(uint64_t); }

  const uint64_t* code(size_t row) const { return words(row); }
  bool isLive(size_t row) const { return (live_[row >> 6] >> (row & 63) & 1) != 0; }

  /// Takes the memory for rows below `rows`; where there is not enough, throws std::bad_alloc and changes nothing.
  void reserve(size_t rows);
  /// Copies a code to a row below what is reserved. Different rows may be put by different threads.
  void put(size_t row, const uint64_t* code);
  /// From now on these rows, which held none, hold the codes that were put.
  void commit(const uint32_t* rows, size_t count);
  /// These rows, which held a code, hold none any more.
  void free(const uint32_t* rows, size_t count);

  static constexpr size_t defaultBlockBytes = size_t{8} << 20;

 private:
  uint64_t* words(size_t row) const {
    return reinterpret_cast<uint64_t*>(blocks_[row >> shift_]->data()) + (row & ((size_t{1} << shift_) - 1)) * words_;
  }

  size_t bits_;
  size_t words_;
  unsigned shift_ = 0;
  size_t blockBytes_;
  size_t size_ = 0;
  size_t count_ = 0;
  std::vector<std::unique_ptr<Pages>> blocks_;
  std::vector<uint64_t> live_;
};

}  // namespace cbir::lsh
