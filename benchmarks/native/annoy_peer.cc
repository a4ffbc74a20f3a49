// Spotify's Annoy in C++: builds and loads files, answers one query after the other.

#include <cstdint>
#include <cstring>
#include <memory>

#include "annoylib.h"
#include "kissrandom.h"
#include "peer.h"

using peer::number;
using peer::Words;

namespace {

template <class Distance>
using Trees = AnnoyIndex<int32_t, float, Distance, Kiss64Random, AnnoyIndexSingleThreadedBuildPolicy>;
using AnyIndex = AnnoyIndexInterface<int32_t, float>;

int dimensions = 0;
std::unique_ptr<AnyIndex> annoy;
std::vector<float> queries;

std::unique_ptr<AnyIndex> make(const std::string& metric, int size) {
  if (metric == "euclidean") return std::make_unique<Trees<Euclidean>>(size);
  if (metric == "angular") return std::make_unique<Trees<Angular>>(size);
  if (metric == "manhattan") return std::make_unique<Trees<Manhattan>>(size);
  if (metric == "dot") return std::make_unique<Trees<DotProduct>>(size);
  throw std::runtime_error("metric " + metric);
}

std::string build(const Words& words) {  // metric, dimensions, file of items, rows, trees, seed, output
  dimensions = int(number(words[1]));
  std::vector<float> items = peer::readFloats(words[2]);
  annoy = make(words[0], dimensions);
  annoy->set_seed(int(number(words[5])));
  for (size_t i = 0; i < number(words[3]); i++) annoy->add_item(int32_t(i), items.data() + i * size_t(dimensions));
  std::string answer = peer::timed([&] { annoy->build(int(number(words[4])), 1); });
  annoy->save(words[6].c_str());
  return answer;
}

std::string load(const Words& words) {  // metric, dimensions, file
  dimensions = int(number(words[1]));
  annoy = make(words[0], dimensions);
  char* error = nullptr;
  if (!annoy->load(words[2].c_str(), false, &error)) throw std::runtime_error(error ? error : "not loaded");
  return "\"count\":" + std::to_string(annoy->get_n_items());
}

std::string readQueries(const Words& words) {  // file
  queries = peer::readFloats(words[0]);
  return "\"numbers\":" + std::to_string(queries.size());
}

std::string one(const Words& words) {  // search_k, from, count, k
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]);
  int searchK = int(number(words[0]));
  std::vector<int32_t> ids;
  std::vector<float> distances;
  return peer::timed([&] {
    for (size_t i = from; i < from + count; i++) {
      ids.clear();
      distances.clear();
      annoy->get_nns_by_vector(queries.data() + i * size_t(dimensions), k, searchK, &ids, &distances);
    }
  });
}

std::string find(const Words& words) {  // search_k, from, count, k, output
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]);
  std::vector<int32_t> all(count * k, -1);
  for (size_t i = 0; i < count; i++) {
    std::vector<int32_t> ids;
    annoy->get_nns_by_vector(queries.data() + (from + i) * size_t(dimensions), k, int(number(words[0])), &ids, nullptr);
    std::copy(ids.begin(), ids.end(), all.begin() + std::ptrdiff_t(i * k));
  }
  peer::writeIds(words[4], all);
  return "";
}

}  // namespace

int main() {
  return peer::serve({{"build", build}, {"load", load}, {"queries", readQueries}, {"one", one}, {"find", find}});
}
