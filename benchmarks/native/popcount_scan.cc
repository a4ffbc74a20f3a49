// The linear scan of the hash indexes without Node.

#include <cbir/cpu.h>

#include <memory>
#include <numeric>
#include <random>

#include "hash-index/linear_search.h"
#include "pieces.h"

using peer::number;
using peer::Words;

namespace {

using namespace cbir::lsh;

std::unique_ptr<CodeRows> rows;
std::vector<uint64_t> queries;

std::string fill(const Words& words) {  // codes, bits, queries
  const size_t count = number(words[0]), bits = number(words[1]);
  std::mt19937_64 random(1);
  rows = std::make_unique<CodeRows>(bits);
  rows->reserve(count);
  std::vector<uint64_t> code(rows->words());
  for (size_t row = 0; row < count; row++) {
    for (uint64_t& word : code) word = random();
    rows->put(row, code.data());
  }
  std::vector<uint32_t> all(count);
  std::iota(all.begin(), all.end(), 0u);
  rows->commit(all.data(), count);
  queries.resize(number(words[2]) * rows->words());
  for (uint64_t& word : queries) word = random();
  return "\"rows\":" + std::to_string(count);
}

std::string one(const Words& words) {
  return peer::oneByOne(words, [](size_t query, size_t k, unsigned threads) {
    return std::make_unique<LinearSearch>(*rows, hammingKernels(), queries.data() + query * rows->words(), 1, k, threads);
  });
}

}  // namespace

int main() { return peer::serve({{"fill", fill}, {"one", one}}); }
