// CodeRows: see code_rows.h.
#include "code_rows.h"

#include <algorithm>
#include <cstring>

namespace cbir::lsh {

CodeRows::CodeRows(size_t bits, size_t blockBytes) : bits_(bits), words_((bits + 63) / 64) {
  while ((size_t{2} << shift_) * words_ * 8 <= blockBytes) shift_++;
  blockBytes_ = (words_ * 8) << shift_;
}

void CodeRows::reserve(size_t rows) {
  const size_t needed = (rows + rowsPerBlock() - 1) >> shift_;
  if (live_.size() * 64 < rows) live_.resize(std::max(2 * live_.size(), (rows + 63) / 64));
  if (needed <= blocks_.size()) return;
  std::vector<std::unique_ptr<Pages>> fresh;
  for (size_t b = blocks_.size(); b < needed; b++) {
    fresh.push_back(std::make_unique<Pages>(blockBytes_));
    // An index of one block is small, and should not take more than it needs.
    if (needed > 1) fresh.back()->makeHuge();
  }
  blocks_.reserve(needed);
  if (blocks_.size() == 1) blocks_[0]->makeHuge();
  for (auto& block : fresh) blocks_.push_back(std::move(block));
}

void CodeRows::put(size_t row, const uint64_t* code) { std::memcpy(words(row), code, words_ * 8); }

void CodeRows::commit(const uint32_t* rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t& word = live_[rows[i] >> 6];
    const uint64_t bit = uint64_t{1} << (rows[i] & 63);
    count_ += (word & bit) == 0;
    word |= bit;
    size_ = std::max(size_, size_t{rows[i]} + 1);
  }
}

void CodeRows::free(const uint32_t* rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint64_t& word = live_[rows[i] >> 6];
    const uint64_t bit = uint64_t{1} << (rows[i] & 63);
    count_ -= (word & bit) != 0;
    word &= ~bit;
  }
}

}  // namespace cbir::lsh
