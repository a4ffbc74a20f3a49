// hnswlib in C++, as its authors compile it: build, load, one query after the other, batches on threads, filters.

#include <atomic>
#include <memory>

#include "hnswlib/hnswlib.h"
#include "peer.h"

using peer::number;
using peer::Words;
using Index = hnswlib::HierarchicalNSW<float>;

namespace {

size_t dimensions = 0;
std::unique_ptr<hnswlib::L2Space> space;
std::unique_ptr<Index> hnsw;
std::vector<float> base;
std::vector<float> queries;

/** Passes every label that is a multiple of `step`. */
struct EveryNth : hnswlib::BaseFilterFunctor {
  explicit EveryNth(size_t step) : step(step) {}
  bool operator()(hnswlib::labeltype label) override { return label % step == 0; }
  size_t step;
};

void setDimensions(size_t value) {
  dimensions = value;
  space = std::make_unique<hnswlib::L2Space>(value);
}

/** The labels found, closest first. */
void search(size_t query, size_t k, int32_t* ids, hnswlib::BaseFilterFunctor* filter) {
  auto found = hnsw->searchKnn(queries.data() + query * dimensions, k, filter);
  for (size_t i = found.size(); i > 0; i--) {
    ids[i - 1] = int32_t(found.top().second);
    found.pop();
  }
}

std::string load(const Words& words) {  // file, dimensions
  setDimensions(number(words[1]));
  hnsw = std::make_unique<Index>(space.get(), words[0]);
  return "\"count\":" + std::to_string(hnsw->cur_element_count);
}

std::string readBase(const Words& words) {  // file, dimensions
  setDimensions(number(words[1]));
  base = peer::readFloats(words[0]);
  return "\"rows\":" + std::to_string(base.size() / dimensions);
}

std::string readQueries(const Words& words) {  // file
  queries = peer::readFloats(words[0]);
  return "\"numbers\":" + std::to_string(queries.size());
}

std::string one(const Words& words) {  // ef, from, count, k
  hnsw->setEf(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]);
  std::vector<int32_t> ids(k);
  return peer::timed([&] {
    for (size_t i = from; i < from + count; i++) search(i, k, ids.data(), nullptr);
  });
}

std::string batch(const Words& words) {  // ef, from, count, k, threads
  hnsw->setEf(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]);
  std::vector<int32_t> ids(count * k);
  return peer::timed([&] {
    std::atomic<size_t> next(0);
    peer::onThreads(unsigned(number(words[4])), [&](unsigned) {
      for (size_t begin; (begin = next.fetch_add(16)) < count;)
        for (size_t i = begin; i < std::min(count, begin + 16); i++) search(from + i, k, ids.data() + i * k, nullptr);
    });
  });
}

std::string find(const Words& words) {  // ef, from, count, k, output, step of the filter (0: none)
  hnsw->setEf(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]), step = number(words[5]);
  std::vector<int32_t> ids(count * k, -1);
  EveryNth filter(step);
  for (size_t i = 0; i < count; i++) search(from + i, k, ids.data() + i * k, step > 0 ? &filter : nullptr);
  peer::writeIds(words[4], ids);
  return "";
}

std::string build(const Words& words) {  // rows, M, efConstruction, seed, threads
  size_t rows = number(words[0]);
  hnsw.reset();
  return peer::timed([&] {
    hnsw = std::make_unique<Index>(space.get(), rows, number(words[1]), number(words[2]), number(words[3]));
    hnsw->addPoint(base.data(), 0);
    std::atomic<size_t> next(1);
    peer::onThreads(unsigned(number(words[4])), [&](unsigned) {
      for (size_t i; (i = next.fetch_add(1)) < rows;) hnsw->addPoint(base.data() + i * dimensions, i);
    });
  });
}

std::string save(const Words& words) {  // file
  hnsw->saveIndex(words[0]);
  return "";
}

}  // namespace

int main() {
  return peer::serve({{"load", load},
                      {"base", readBase},
                      {"queries", readQueries},
                      {"one", one},
                      {"batch", batch},
                      {"find", find},
                      {"build", build},
                      {"save", save}});
}
