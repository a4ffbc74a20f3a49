// The engine of flat-index without Node.

#include <cbir/cpu.h>

#include <memory>

#include "pieces.h"
#include "search.h"

using peer::number;
using peer::Words;

namespace {

using namespace cbir::flat;

size_t dimensions = 0;
std::unique_ptr<Rows> rows;
std::vector<float> queries;

std::string base(const Words& words) {  // file, dimensions
  dimensions = number(words[1]);
  std::vector<float> numbers = peer::readFloats(words[0]);
  size_t count = numbers.size() / dimensions;
  rows = std::make_unique<Rows>(cbir::Metric::euclidean, Storage::float32, dimensions);
  rows->reserve(count);
  for (size_t i = 0; i < count; i++) rows->put(i, numbers.data() + i * dimensions);
  rows->commit(count);
  return "\"rows\":" + std::to_string(count);
}

std::string readQueries(const Words& words) {  // file
  queries = peer::readFloats(words[0]);
  return "\"numbers\":" + std::to_string(queries.size());
}

std::string one(const Words& words) {
  return peer::oneByOne(words, [](size_t query, size_t k, unsigned threads) {
    Question question;
    question.queries = queries.data() + query * dimensions;
    question.count = 1;
    question.k = k;
    return std::make_unique<Search>(*rows, question, scanKernels(cbir::chosenIsa()), threads);
  });
}

}  // namespace

int main() { return peer::serve({{"base", base}, {"queries", readQueries}, {"one", one}}); }
