// The N-API side of the Annoy index: arguments in, answers out. All work is done by Forest and Search.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cbir/addon.h>
#include <cbir/bitmap.h>
#include <cbir/kernels.h>
#include <cbir/metric.h>
#include <cbir/neighbours.h>

#include "forest.h"
#include "search.h"

using namespace cbir;
using annoy::Checkpoint;
using annoy::Distance;
using annoy::Forest;
using annoy::Scratch;
using annoy::ScratchPool;
using annoy::Search;

namespace {

/// Annoy's own seed, of Kiss64Random.
constexpr uint64_t defaultSeed = 1234567890987654321ULL;

/// Annoy's distance that orders as the metric does.
Distance distanceFor(Metric metric) {
  switch (metric) {
    case Metric::euclidean:
      return Distance::euclidean;
    case Metric::manhattan:
      return Distance::manhattan;
    case Metric::innerProduct:
      return Distance::dot;
    case Metric::hamming:
      return Distance::hamming;
    case Metric::cosine:
    case Metric::angular:
    case Metric::annoyAngular:
      return Distance::angular;
    default:
      throw Error("INVALID_ARGUMENT", std::string("Annoy has no distance that orders as ") + metricName(metric) + " does.");
  }
}

struct Index {
  Forest forest;
  Metric metric;
  ScratchPool scratch;

  Index(Forest from, Metric which) : forest(std::move(from)), metric(which) {}
};

/// Scratch that goes back where it came from.
class Lent {
 public:
  explicit Lent(ScratchPool& pool) : pool_(pool), scratch_(pool.take()) {}
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() {
    try {
      pool_.give(std::move(scratch_));
    } catch (...) {
      // No memory to keep it: it is freed.
    }
  }
  Scratch& operator*() { return *scratch_; }

 private:
  ScratchPool& pool_;
  std::unique_ptr<Scratch> scratch_;
};

Checkpoint checkpointOf(Task& task) {
  return [&task](uint64_t done, uint64_t total) {
    task.throwIfAborted();
    task.progress(done, total);
  };
}

Checkpoint without() {
  return [](uint64_t, uint64_t) {};
}

uint64_t seedOf(Napi::Value value) { return value.IsUndefined() ? defaultSeed : static_cast<uint64_t>(size(value)); }

Napi::Value undefined(Napi::Env env) { return env.Undefined(); }

uint32_t itemOf(const Index& index, Napi::Value value) {
  const size_t item = size(value);
  if (item >= index.forest.items() || !index.forest.isItem(static_cast<uint32_t>(item))) {
    throw Error("INVALID_ARGUMENT", "There is no item " + std::to_string(item) + "; the index has items from 0 to " +
                                        std::to_string(static_cast<int64_t>(index.forest.items()) - 1) + ".");
  }
  return static_cast<uint32_t>(item);
}

// create(metric, dimensions) → handle
Napi::Value create(const Napi::CallbackInfo& info) {
  const Metric metric = metricOf(text(info[0]));
  return wrap(info.Env(), std::make_shared<Index>(Forest(distanceFor(metric), size(info[1])), metric));
}

// account(handle, complete): for the garbage collector, what is behind it
Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], static_cast<int64_t>(unwrap<Index>(info[0])->forest.bytes()), flag(info[1]));
  return info.Env().Undefined();
}

// append(handle, vectors, count, now, control)
Napi::Value append(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t count = size(info[2]);
  const bool now = flag(info[3]);
  const Floats vectors = floats(info[1], count * index->forest.layout().dimensions, !now);
  if (now) {
    index->forest.append(vectors.data, count);
    return info.Env().Undefined();
  }
  return background(
      info.Env(), control(info[4]), [index, vectors, count](Task&) { index->forest.append(vectors.data, count); }, undefined);
}

// plant(handle, trees, seed | undefined, threads, now, control)
Napi::Value plant(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t trees = size(info[1]);
  const uint64_t seed = seedOf(info[2]);
  const unsigned threads = static_cast<unsigned>(size(info[3]));
  if (flag(info[4])) {
    index->forest.plant(trees, seed, threads, without());
    return info.Env().Undefined();
  }
  return background(
      info.Env(), control(info[5]), [=](Task& task) { index->forest.plant(trees, seed, threads, checkpointOf(task)); }, undefined);
}

// search(handle, queries, count, k, searchK, allow | undefined, scan, grain, now, control) → { rows, distances, offsets }, or with `now` a short answer
Napi::Value search(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t count = size(info[2]);
  const size_t k = size(info[3]);
  const size_t searchK = size(info[4]);
  const bool scan = flag(info[6]);
  const bool now = flag(info[8]);
  const Floats queries = floats(info[1], count * index->forest.layout().dimensions, !now);
  const bool filtered = !info[5].IsUndefined();
  const Bytes allow = filtered ? bytes(info[5], !now) : Bytes{};
  auto found = std::make_shared<Neighbours>(Neighbours::fixed(count, k));
  auto counts = std::make_shared<std::vector<uint32_t>>(count);
  const auto body = [=](size_t begin, size_t end, unsigned) {
    const Search search(index->forest, index->metric, kernels());
    const Bitmap bitmap{allow.data, allow.length * 8};
    const Bitmap* only = filtered ? &bitmap : nullptr;
    Lent lent(index->scratch);
    Scratch& scratch = *lent;
    for (size_t q = begin; q < end; q++) {
      const float* query = queries.data + q * index->forest.layout().dimensions;
      if (scan) {
        search.collectAll(only, scratch);
      } else {
        search.collect(query, searchK, only, scratch);
      }
      search.rank(query, k, scratch);
      for (size_t i = 0; i < scratch.found.size(); i++) {
        found->distances[q * k + i] = scratch.found[i].first;
        found->rows[q * k + i] = scratch.found[i].second;
      }
      (*counts)[q] = static_cast<uint32_t>(scratch.found.size());
    }
  };
  return parallel(
      info.Env(), control(info[9]), now, count, size(info[7]), body,
      [found, now](Napi::Env env) { return now ? toShortAnswer(env, std::move(*found)) : toRowNeighbours(env, std::move(*found)); },
      [found, counts, k] { found->shrink(*counts, k); });
}

// write(handle, path, freed | undefined, now, control)
Napi::Value writeFile(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const std::string path = text(info[1]);
  const bool now = flag(info[3]);
  const Bytes freed = info[2].IsUndefined() ? Bytes{} : bytes(info[2], !now);
  if (now) {
    index->forest.write(path, freed.data, freed.length, without());
    return info.Env().Undefined();
  }
  return background(
      info.Env(), control(info[4]), [=](Task& task) { index->forest.write(path, freed.data, freed.length, checkpointOf(task)); }, undefined);
}

// open(metric, dimensions, path, trees, map, now, control) → handle
Napi::Value openFile(const Napi::CallbackInfo& info) {
  const Metric metric = metricOf(text(info[0]));
  const size_t dimensions = size(info[1]);
  const std::string path = text(info[2]);
  const size_t trees = size(info[3]);
  const bool map = flag(info[4]);
  const auto give = [](Napi::Env env, std::shared_ptr<Index> index) {
    const int64_t memory = static_cast<int64_t>(index->forest.bytes());
    return wrap(env, std::move(index), memory);
  };
  if (flag(info[5])) {
    return give(info.Env(), std::make_shared<Index>(Forest::open(distanceFor(metric), dimensions, path, trees, map, without()), metric));
  }
  auto opened = std::make_shared<std::shared_ptr<Index>>();
  return background(
      info.Env(), control(info[6]),
      [=](Task& task) {
        *opened = std::make_shared<Index>(Forest::open(distanceFor(metric), dimensions, path, trees, map, checkpointOf(task)), metric);
      },
      [opened, give](Napi::Env env) { return give(env, std::move(*opened)); });
}

// facts(handle) → { items, trees, nodes, bytes, mapped }
Napi::Value facts(const Napi::CallbackInfo& info) {
  const Forest& forest = unwrap<Index>(info[0])->forest;
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("items", forest.items());
  object.Set("trees", static_cast<double>(forest.roots().size()));
  object.Set("nodes", forest.nodes());
  object.Set("bytes", static_cast<double>(forest.bytes()));
  object.Set("mapped", forest.isMapped());
  return object;
}

// read(handle, from, to) → the vectors of the items from … to − 1, zeros for holes
Napi::Value readItems(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t from = size(info[1]);
  const size_t to = size(info[2]);
  const size_t dimensions = index->forest.layout().dimensions;
  if (from > to || to > index->forest.items()) throw Error("INVALID_ARGUMENT", "There are no such items.");
  std::vector<float> vectors((to - from) * dimensions);
  for (size_t i = from; i < to; i++) {
    if (index->forest.isItem(static_cast<uint32_t>(i))) index->forest.read(static_cast<uint32_t>(i), &vectors[(i - from) * dimensions]);
  }
  return toFloat32Array(info.Env(), std::move(vectors));
}

// holes(handle, from, to) → the numbers in from … to − 1 that no item was given
Napi::Value holes(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t from = size(info[1]);
  const size_t to = size(info[2]);
  if (from > to || to > index->forest.items()) throw Error("INVALID_ARGUMENT", "There are no such items.");
  std::vector<uint32_t> numbers;
  for (size_t i = from; i < to; i++) {
    if (!index->forest.isItem(static_cast<uint32_t>(i))) numbers.push_back(static_cast<uint32_t>(i));
  }
  return toUint32Array(info.Env(), std::move(numbers));
}

// put(handle, item, vector)
Napi::Value put(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const size_t item = size(info[1]);
  const Floats vector = floats(info[2], index->forest.layout().dimensions, false);
  if (index->forest.isPlanted()) throw Error("READ_ONLY", "An item cannot be added to an index that has its trees.");
  if (item >= INT32_MAX) throw Error("INVALID_ARGUMENT", "The number of an item must be below " + std::to_string(INT32_MAX) + ".");
  index->forest.put(static_cast<uint32_t>(item), vector.data);
  return info.Env().Undefined();
}

// unplant(handle)
Napi::Value unplant(const Napi::CallbackInfo& info) {
  unwrap<Index>(info[0])->forest.unplant();
  return info.Env().Undefined();
}

// distance(handle, item, item)
Napi::Value distance(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  const uint32_t a = itemOf(*index, info[1]);
  const uint32_t b = itemOf(*index, info[2]);
  std::vector<float> vector(index->forest.layout().dimensions);
  index->forest.read(a, vector.data());
  Scratch scratch;
  return Napi::Number::New(info.Env(), Search(index->forest, index->metric, kernels()).measure(vector.data(), b, scratch));
}

// item(handle, number) → its vector
Napi::Value item(const Napi::CallbackInfo& info) {
  const auto index = unwrap<Index>(info[0]);
  std::vector<float> vector(index->forest.layout().dimensions);
  index->forest.read(itemOf(*index, info[1]), vector.data());
  return toFloat32Array(info.Env(), std::move(vector));
}

void init(Napi::Env, Napi::Object exports) {
  method<create>(exports, "create");
  method<account>(exports, "account");
  method<append>(exports, "append");
  method<plant>(exports, "plant");
  method<search>(exports, "search");
  method<writeFile>(exports, "write");
  method<openFile>(exports, "open");
  method<facts>(exports, "facts");
  method<readItems>(exports, "read");
  method<holes>(exports, "holes");
  method<put>(exports, "put");
  method<unplant>(exports, "unplant");
  method<distance>(exports, "distance");
  method<item>(exports, "item");
}

}  // namespace

CBIR_ADDON(init)
