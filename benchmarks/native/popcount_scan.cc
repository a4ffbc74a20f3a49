// The linear scan of the hash indexes without Node, on threads that wait for nothing but each other: what the scan itself takes.

#include <cbir/cpu.h>

#include <atomic>
#include <memory>
#include <numeric>
#include <random>

#include "linear_search.h"
#include "peer.h"

using peer::Words;

namespace {

using namespace cbir::lsh;

std::unique_ptr<CodeRows> rows;
std::vector<uint64_t> queries;

size_t number(const std::string& word) { return std::stoull(word); }

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

std::string one(const Words& words) {  // threads, from, count, k
  unsigned threads = unsigned(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]);
  peer::Meeting begin(threads), end(threads);
  std::unique_ptr<LinearSearch> search;
  std::atomic<size_t> next(0), found(0);
  std::string answer = peer::timed([&] {
    peer::onThreads(threads, [&](unsigned thread) {
      for (size_t i = from; i < from + count; i++) {
        if (thread == 0) {
          const uint64_t* query = queries.data() + i * rows->words();
          search = std::make_unique<LinearSearch>(*rows, hammingKernels(cbir::chosenIsa()), query, 1, number(words[3]), threads);
          next = 0;
        }
        begin.wait();
        for (size_t piece; (piece = next.fetch_add(1)) < search->pieces();) search->run(piece, piece + 1, thread);
        end.wait();
        if (thread == 0) found += search->take().rows.size();
      }
    });
  });
  return answer + ",\"found\":" + std::to_string(found.load());
}

}  // namespace

int main() { return peer::serve({{"fill", fill}, {"one", one}}); }
