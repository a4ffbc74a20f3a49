// What the ways of searching share: ranking, giving out, and looking at single codes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/neighbours.h>

#include "best_rows.h"
#include "faiss_index.h"

namespace faiss {
struct FlatCodesDistanceComputer;
}

namespace cbir::faiss_index {

/// From a value by which rows are ranked (squared distance, negative inner product, number of bits) to core's distance.
std::function<float(float)> distanceOfValue(Space space, const faiss::IndexLSH* lsh);

void putRow(Neighbours& found, size_t at, const std::vector<Candidate>& best, const std::function<float(float)>& distance);

/// Puts the answers of all queries, each sorted, into `search.found`.
void collect(Search& search, std::vector<std::vector<Candidate>>& answers, const std::function<float(float)>& distance);

/// What a search works on that answers each query by itself.
struct Asked {
  std::vector<float> queries;
  std::vector<std::vector<Candidate>> answers;
  Bitmap set;
  bool filtered;

  /// Rows that may be found; null is all of them.
  const Bitmap* allow() const { return filtered ? &set : nullptr; }
};

/// A search of one phase: `answer(asked, begin, end)` finds the answers [begin, end), each sorted, for the queries of these numbers.
std::unique_ptr<Search> answerEach(std::vector<float> queries, size_t count, const Bitmap* allow, std::function<float(float)> distance,
                                   std::function<void(Asked& asked, size_t begin, size_t end)> answer);

void sortCandidates(std::vector<Candidate>& candidates);

/// Ranks single codes against one query, which must live as long.
class CodeScorer {
 public:
  CodeScorer(const faiss::IndexFlatCodes& codes, const float* query);
  ~CodeScorer();
  float operator()(size_t row) const;

 private:
  const uint8_t* data_;
  size_t size_;
  float sign_;
  std::unique_ptr<faiss::FlatCodesDistanceComputer> computer_;
  std::vector<uint8_t> bits_;
};

/// Calls `visit(row)` for the rows [begin, end) of a set; null is all of them.
template <class Visit>
void eachRow(const Bitmap* allow, size_t begin, size_t end, const Visit& visit) {
  if (allow == nullptr) {
    for (size_t row = begin; row < end; row++) visit(row);
    return;
  }
  end = std::min(end, allow->rows);
  for (size_t row = begin; row < end; row++) {
    if ((row & 7) == 0 && allow->bits[row >> 3] == 0) {
      row += 7;
      continue;
    }
    if (allow->has(row)) visit(row);
  }
}

}  // namespace cbir::faiss_index
