// Search: one call of the index: any number of queries against all rows or the allowed ones, in pieces of work that threads take.
#pragma once
#include <atomic>
#include <cbir/bitmap.h>
#include <cbir/neighbours.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "candidates.h"
#include "rows.h"
#include "scan_kernels.h"

namespace cbir::flat {

struct Question {
  const float* queries = nullptr;  // count × dimensions; must stay until the search is over
  size_t count = 0;
  size_t k = 0;           // neighbours of each query; at most the rows that are allowed
  bool ranged = false;    // all rows at a distance ≤ radius instead
  double radius = 0;
  const uint8_t* allow = nullptr;  // a bitmap of as many bits as there are rows at least; null: every row
};

// How rows are gone through.
enum class Way {
  rows,     // one query after the other, while a few rows are in the cache
  several,  // queriesPerPass queries in one pass
  tiles,    // as the product of two matrices
  codes,    // codes first, one query after the other
};

class Search {
 public:
  // `workers`: how many threads may run pieces at once. `force`: a way to go whatever the number of queries is, for tests.
  Search(const Rows& rows, const Question& question, const ScanKernels& kernels, size_t workers, const Way* force = nullptr);
  ~Search();

  // Pieces of work, about a millisecond each at most.
  size_t pieces() const { return groups_.size() * parts_.size(); }
  // Runs pieces begin … end − 1. Each worker takes its pieces in ascending order, and no two calls of one worker run at once.
  void run(size_t begin, size_t end, size_t worker);
  // When all pieces have been run: the neighbours.
  Neighbours take();

 private:
  struct Part {
    size_t block;
    size_t from;
    size_t to;
  };
  struct Neighbour {
    uint32_t row;
    float distance;
  };
  struct Group;
  struct Lane;
  struct Scratch;

  Way wayOf(size_t queries, const Way* force) const;
  void prepare(Group& group) const;
  Lane& laneOf(Group& group, size_t worker) const;
  size_t placesOf(const Part& part, uint32_t* places) const;
  void runPart(Group& group, Lane& lane, Scratch& scratch, const Part& part) const;
  void runTiles(Group& group, Lane& lane, Scratch& scratch, const Part& part, size_t count) const;
  void runRows(Group& group, Lane& lane, Scratch& scratch, const Part& part, size_t count) const;
  void offer(Lane& lane, size_t query, const float* values, size_t count, const uint32_t* places, const float* add, size_t firstRow,
             Scratch& scratch) const;
  void codedValues(const Group& group, size_t query, const Block& block, Places places, Scratch& scratch) const;
  void finishGroup(Group& group);
  Measure plainMeasure(Way way) const;

  const Rows& rows_;
  const Question question_;
  const ScanKernels& kernels_;
  const size_t workers_;
  Way way_;
  std::vector<Part> parts_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<Scratch>> scratch_;
  std::vector<std::vector<Neighbour>> found_;
};

}  // namespace cbir::flat
