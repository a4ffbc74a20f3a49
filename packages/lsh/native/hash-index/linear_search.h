// LinearSearch: one call of the linear scan: any number of queries against all rows, in pieces of work that threads
// take.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cbir/neighbours.h>

#include "../hamming/closest.h"
#include "code_rows.h"
#include "../hamming/hamming_kernels.h"

namespace cbir::lsh {

class LinearSearch {
 public:
  /// `queries`: count × words, which must stay until the search is over. `k`: at most the codes in `rows`. `workers`:
  /// threads that may run pieces at once.
  LinearSearch(const CodeRows& rows, const HammingKernels& kernels, const uint64_t* queries, size_t count, size_t k,
               size_t workers);

  size_t pieces() const { return groups_.size() * parts_; }
  /// Runs pieces begin … end − 1. Each worker takes its pieces in ascending order, and no two calls of one worker run
  /// at once.
  void run(size_t begin, size_t end, size_t worker);
  /// When all pieces have been run: the neighbours.
  Neighbours take() { return std::move(found_); }

 private:
  /// Queries that a part of the rows serves while it is in the cache.
  struct Group {
    size_t first = 0;
    size_t count = 0;
    std::atomic<size_t> open{0};
    /// What each worker found: one for each query; none where it had no part.
    std::vector<std::vector<Closest>> lanes;
  };

  void finish(Group& group);

  const CodeRows& rows_;
  const HammingKernels& kernels_;
  const uint64_t* queries_;
  const size_t k_;
  size_t rowsPerPart_;
  size_t parts_;
  std::vector<std::unique_ptr<Group>> groups_;
  Neighbours found_;
};

}  // namespace cbir::lsh
