// The engine of flat-index without Node, on threads that wait for nothing but each other: what the scan itself takes.

#include <cbir/cpu.h>

#include <atomic>
#include <memory>

#include "peer.h"
#include "search.h"

using peer::Words;

namespace {

using namespace cbir::flat;

size_t dimensions = 0;
std::unique_ptr<Rows> rows;
std::vector<float> queries;

size_t number(const std::string& word) { return std::stoull(word); }

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

std::string one(const Words& words) {  // threads, from, count, k
  unsigned threads = unsigned(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]);
  peer::Meeting begin(threads), end(threads);
  std::unique_ptr<Search> search;
  std::atomic<size_t> next(0), found(0);
  std::string answer = peer::timed([&] {
    peer::onThreads(threads, [&](unsigned thread) {
      for (size_t i = from; i < from + count; i++) {
        if (thread == 0) {
          Question question;
          question.queries = queries.data() + i * dimensions;
          question.count = 1;
          question.k = number(words[3]);
          search = std::make_unique<Search>(*rows, question, scanKernels(cbir::chosenIsa()), threads);
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

int main() { return peer::serve({{"base", base}, {"queries", readQueries}, {"one", one}}); }
