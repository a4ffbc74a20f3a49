// Structure: what answers a query without looking at every code; made over the codes of one moment, and never changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "../hamming/closest.h"
#include "code_rows.h"
#include "../hamming/hamming_kernels.h"

namespace cbir::lsh {

/// Rows as bits.
class RowSet {
 public:
  bool has(size_t row) const { return row >> 6 < words_.size() && (words_[row >> 6] >> (row & 63) & 1) != 0; }
  void add(size_t row) {
    if (row >> 6 >= words_.size()) words_.resize((row >> 6) + 1);
    words_[row >> 6] |= uint64_t{1} << (row & 63);
  }
  void remove(size_t row) {
    if (row >> 6 < words_.size()) words_[row >> 6] &= ~(uint64_t{1} << (row & 63));
  }
  void clear() { words_.clear(); }

 private:
  std::vector<uint64_t> words_;
};

/// Memory of one query, used again by the next.
struct Scratch {
  Closest closest;
  /// Rows that were looked at, in `touched`; empty between queries.
  std::vector<uint64_t> seen;
  std::vector<uint32_t> touched;
  /// Parts of a tree yet to be visited, and the least distance of what is in them.
  std::vector<uint64_t> open;
  /// Nanoseconds, about, that the last search through a structure took.
  double spent = 0;
};

/// What a search may read beside its structure.
struct Searched {
  const CodeRows& rows;
  const HammingKernels& kernels;
  /// Rows whose code is the one that the structure was made with.
  const RowSet& current;
  /// Nanoseconds, about, after which a search should give up.
  double budget;
};

class Structure {
 public:
  virtual ~Structure() = default;
  /// How far neighbours may be for the search to find them before it gives up; farther ones need not be offered.
  virtual uint32_t reach(const Searched& in) const { return static_cast<uint32_t>(in.rows.bits()); }
  /// Offers to `scratch.closest` every current row that belongs to the closest, ties included; false where it gave up:
  /// it then has offered some.
  virtual bool search(const Searched& in, const uint64_t* query, Scratch& scratch) const = 0;
  virtual size_t bytes() const = 0;
};

/// Called between small pieces of work; throws where the work is not wanted any more.
using Check = std::function<void()>;

/// Multi-index hashing. `substrings`: 0 for as many as fit the number of codes best. Throws Error INVALID_CONFIG where
/// so many do not fit the bits.
std::unique_ptr<Structure> buildMultiIndex(const CodeRows& rows, size_t substrings, const Check& check);

/// A ball tree. `leafSize`: codes in a leaf, at most (unless no ball divides them).
std::unique_ptr<Structure> buildBallTree(const CodeRows& rows, size_t leafSize, uint64_t seed,
                                         const HammingKernels& kernels, const Check& check);

}  // namespace cbir::lsh
