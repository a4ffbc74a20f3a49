// The rows that a functor is trained on, in blocks that lie apart in memory.
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

namespace cbir::lsh {

// Every block but the last has `rowsPerBlock` rows of `dimensions` numbers.
struct SampleRows {
  std::vector<const float*> blocks;
  size_t rowsPerBlock = 1;
  size_t rows = 0;
  size_t dimensions = 0;

  // Calls visit(first row's numbers, how many rows, number of the first row) for the pieces of [begin, end) that lie
  // together.
  template <class Visit>
  void pieces(size_t begin, size_t end, Visit visit) const {
    while (begin < end) {
      const size_t place = begin % rowsPerBlock;
      const size_t here = std::min(end - begin, rowsPerBlock - place);
      visit(blocks[begin / rowsPerBlock] + place * dimensions, here, begin);
      begin += here;
    }
  }
};

}  // namespace cbir::lsh
