// HashIndex: codes by row, and beside them a structure that spares looking at all of them, made anew when enough has
// changed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "code_rows.h"
#include "../hamming/hamming_kernels.h"
#include "structure.h"

namespace cbir::lsh {

enum class HashIndexKind { linear, multiIndex, ballTree };

struct HashIndexSettings {
  HashIndexKind kind = HashIndexKind::linear;
  size_t bits = 0;
  size_t substrings = 0;  // of a multi-index; 0: as many as fit best
  size_t leafSize = 40;   // of a ball tree
  uint64_t seed = 0;
  size_t blockBytes = CodeRows::defaultBlockBytes;
  /// With fewer codes there is no structure; so many may have come since it was made, or a 32nd of all.
  size_t smallest = 1024;
  /// A search through the structure gives up when it has taken this share of a scan's time.
  double patience = 0.5;
};

class HashIndex {
 public:
  HashIndex(const HashIndexSettings& settings, const HammingKernels& kernels);

  const CodeRows& rows() const { return rows_; }
  const HammingKernels& kernels() const { return kernels_; }
  const HashIndexSettings& settings() const { return settings_; }
  size_t bytes() const { return rows_.bytes() + (structure_ ? structure_->bytes() : 0); }

  void reserve(size_t rows) { rows_.reserve(rows); }
  void put(size_t row, const uint64_t* code) { rows_.put(row, code); }
  /// From now on these rows, which held no code, hold those that were put.
  void commit(const uint32_t* rows, size_t count);
  void free(const uint32_t* rows, size_t count);

  /// Whether so much has changed that the structure should be made (anew).
  bool wantsStructure() const;
  /// Makes it; where `check` throws, nothing has changed.
  void makeStructure(const Check& check);

  /// The k closest codes of one query, ties by row; `k` at most rows().count(). Any number of calls at once.
  void search(const uint64_t* query, size_t k, uint32_t* rows, float* distances) const;

 private:
  /// Memory for a query, from those that ended.
  class Lent;

  bool searchStructure(const uint64_t* query, size_t k, Scratch& scratch) const;

  HashIndexSettings settings_;
  const HammingKernels& kernels_;
  CodeRows rows_;
  std::unique_ptr<Structure> structure_;
  /// Rows whose code is the one that the structure was made with.
  RowSet current_;
  /// Rows that got their code since then, each once, and which these are. A query looks at all of them.
  std::vector<uint32_t> added_;
  RowSet isAdded_;
  size_t freed_ = 0;

  /// Whether searches pay, learned by the size of k: every one that gives up counts against them, every one that does
  /// not for them.
  struct Doubt {
    std::atomic<uint32_t> level{0};
    std::atomic<uint32_t> spared{0};
  };
  mutable std::array<Doubt, 33> doubts_{};
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Scratch>> scratch_;
};

}  // namespace cbir::lsh
