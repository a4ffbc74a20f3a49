// The engine against annoylib itself: the same files, the same candidates, and files damaged at random. Runs under sanitizers or valgrind.
// Usage: engine_test <directory to write in> <seed> [rounds of damage]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <cbir/error.h>

#include "../annoylib.h"
#include "../forest.h"
#include "../search.h"

using namespace cbir::annoy;

namespace {

std::mt19937_64 chance;
std::string folder;
int failures = 0;

void check(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what.c_str());
  failures++;
}

const Checkpoint nothing = [](uint64_t, uint64_t) {};

std::vector<uint8_t> bytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void writeBytes(const std::string& path, const std::vector<uint8_t>& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

std::vector<float> vectorsFor(Distance distance, size_t count, size_t dimensions, int kind) {
  std::normal_distribution<float> normal;
  std::vector<float> data(count * dimensions);
  for (size_t i = 0; i < data.size(); i++) {
    if (distance == Distance::hamming) {
      data[i] = static_cast<float>(chance() % 2);
    } else if (kind == 1) {
      data[i] = static_cast<float>(chance() % 3);  // many equal vectors, and zero ones
    } else {
      data[i] = normal(chance) + static_cast<float>((i / dimensions) % 5);
    }
  }
  if (kind == 2) std::fill(data.begin(), data.end(), data.empty() ? 0.0f : data[0]);
  return data;
}

template <class D, class T>
using Annoy = AnnoyIndex<int32_t, T, D, Kiss64Random, AnnoyIndexSingleThreadedBuildPolicy>;

/// A vector as annoylib takes it.
template <class T>
std::vector<T> asAnnoy(const Forest& forest, const float* vector) {
  std::vector<T> out(forest.layout().words);
  if constexpr (std::is_same_v<T, float>) {
    std::copy(vector, vector + out.size(), out.begin());
  } else {
    forest.pack(vector, out.data());
  }
  return out;
}

/// Bytes that annoylib leaves as they were on its stack: what stands in a split of bits beside the first word, and padding.
void clearUnwritten(std::vector<uint8_t>& bytes, const NodeLayout& layout) {
  if (layout.distance != Distance::hamming) return;
  for (size_t at = 0; at < bytes.size(); at += layout.bytes) {
    if (Node{bytes.data() + at, &layout}.descendants() <= layout.capacity) continue;
    std::memset(bytes.data() + at + 12, 0, 4);
    std::memset(bytes.data() + at + layout.vector + 8, 0, layout.bytes - layout.vector - 8);
  }
}

template <class D, class T>
void compare(Distance distance, cbir::Metric metric, size_t count, size_t dimensions, int trees, int kind) {
  const std::string name = std::string(D::name()) + ", " + std::to_string(count) + " × " + std::to_string(dimensions) + ", " + std::to_string(trees) +
                           " trees, kind " + std::to_string(kind);
  const std::vector<float> data = vectorsFor(distance, count, dimensions, kind);
  const uint64_t seed = 1 + chance() % 1000;
  Forest forest(distance, dimensions);
  Annoy<D, T> annoy(static_cast<int>(forest.layout().words));
  annoy.set_seed(seed);
  for (size_t i = 0; i < count; i++) {
    const std::vector<T> vector = asAnnoy<T>(forest, &data[i * dimensions]);
    annoy.add_item(static_cast<int32_t>(i), vector.data());
  }
  for (size_t i = 0; i < count; i += 7) forest.append(&data[i * dimensions], std::min<size_t>(7, count - i));
  annoy.build(trees);
  forest.plant(trees < 0 ? 0 : static_cast<size_t>(trees), seed, 1, nothing);
  const std::string theirs = folder + "/theirs.ann";
  const std::string ours = folder + "/ours.ann";
  annoy.save(theirs.c_str());
  forest.write(ours, nullptr, 0, nothing);
  std::vector<uint8_t> a = bytesOf(theirs);
  std::vector<uint8_t> b = bytesOf(ours);
  clearUnwritten(a, forest.layout());
  check(a == b, "the same file: " + name);

  // What annoylib has loaded again, and ours from its file, mapped and copied.
  for (const bool map : {false, true}) {
    const Forest loaded = Forest::open(distance, dimensions, theirs, 0, map, nothing);
    check(loaded.items() == count && loaded.roots().size() == static_cast<size_t>(annoy.get_n_trees()), "items and trees: " + name);
    for (const cbir::Isa isa : cbir::availableIsas()) {
      const Search search(loaded, metric, cbir::kernels(isa));
      Scratch scratch;
      size_t alike = 0, all = 0;
      for (int q = 0; q < 20; q++) {
        const std::vector<float> query = vectorsFor(distance, 1, dimensions, kind == 2 ? 0 : kind);
        const size_t searchK = 1 + chance() % (count * 2);
        std::vector<int32_t> expected;
        std::vector<T> distances;
        annoy.get_nns_by_vector(asAnnoy<T>(forest, query.data()).data(), count, static_cast<int>(searchK), &expected, &distances);
        search.collect(query.data(), searchK, nullptr, scratch);
        const std::set<uint32_t> wanted(expected.begin(), expected.end());
        const std::set<uint32_t> got(scratch.candidates.begin(), scratch.candidates.end());
        check(got.size() == scratch.candidates.size(), "no candidate twice: " + name);
        all++;
        if (wanted != got) continue;
        alike++;
        search.rank(query.data(), count, scratch);
        check(scratch.found.size() == expected.size(), "every candidate ranked: " + name);
        for (size_t i = 0; i < std::min(scratch.found.size(), expected.size()); i++) {
          // In the library's own values.
          double own = scratch.found[i].first;
          if (distance == Distance::dot) own = -own;
          if (distance == Distance::hamming) own *= static_cast<double>(dimensions);
          const double theirs = static_cast<double>(distances[i]);
          check(std::fabs(own - theirs) <= 2e-3 * std::max(1.0, std::fabs(theirs)), "distance " + std::to_string(own) + " for " + std::to_string(theirs) + ": " + name);
        }
      }
      // A margin may round to the other side of another one: rarely, and not at all where all is whole numbers.
      check(alike * 20 >= all * 17, std::to_string(alike) + " of " + std::to_string(all) + " candidate sets are annoylib's: " + name);
    }
  }

  // More threads: another forest, always the same one, whole.
  if (trees > 1) {
    for (const unsigned threads : {2u, 3u}) {
      std::vector<uint8_t> before;
      for (int again = 0; again < 2; again++) {
        forest.unplant();
        forest.plant(static_cast<size_t>(trees), seed, threads, nothing);
        forest.write(ours, nullptr, 0, nothing);
        const std::vector<uint8_t> now = bytesOf(ours);
        check(again == 0 || now == before, "the same file again with threads: " + name);
        before = now;
        const Forest loaded = Forest::open(distance, dimensions, ours, static_cast<size_t>(trees), true, nothing);
        check(loaded.roots().size() == static_cast<size_t>(trees), "trees of threads: " + name);
      }
    }
  }
}

/// Files damaged at random: refused, or answering within bounds.
void damage(Distance distance, cbir::Metric metric, size_t rounds) {
  const size_t count = 300, dimensions = distance == Distance::hamming ? 128 : 10;
  const std::vector<float> data = vectorsFor(distance, count, dimensions, 0);
  Forest forest(distance, dimensions);
  forest.append(data.data(), count);
  forest.plant(5, 7, 1, nothing);
  const std::string path = folder + "/damaged.ann";
  forest.write(path, nullptr, 0, nothing);
  const std::vector<uint8_t> whole = bytesOf(path);
  size_t refused = 0;
  for (size_t round = 0; round < rounds; round++) {
    std::vector<uint8_t> bytes = whole;
    const size_t kind = chance() % 5;
    if (kind < 3) {
      const size_t flips = 1 + chance() % 64;
      // The trees are few of the bytes; half of the damage goes there.
      const size_t from = kind == 0 ? 0 : count * forest.layout().bytes;
      for (size_t i = 0; i < flips; i++) bytes[from + chance() % (bytes.size() - from)] = static_cast<uint8_t>(chance());
    } else if (kind == 3) {
      bytes.resize(chance() % bytes.size());
      if (chance() % 2 == 0) bytes.resize(bytes.size() / forest.layout().bytes * forest.layout().bytes);
    } else {
      const size_t more = (1 + chance() % 3) * (chance() % 2 == 0 ? forest.layout().bytes : 5);
      for (size_t i = 0; i < more; i++) bytes.push_back(static_cast<uint8_t>(chance()));
    }
    writeBytes(path, bytes);
    try {
      const Forest loaded = Forest::open(distance, dimensions, path, 0, chance() % 2 == 0, nothing);
      Scratch scratch;
      const Search search(loaded, metric, cbir::kernels());
      for (int q = 0; q < 4; q++) {
        const std::vector<float> query = vectorsFor(distance, 1, dimensions, 0);
        search.collect(query.data(), 100 + chance() % 2000, nullptr, scratch);
        search.rank(query.data(), 10, scratch);
        for (const auto& [value, item] : scratch.found) check(item < loaded.items() && !std::isnan(value), "an answer within bounds");
      }
    } catch (const cbir::Error& error) {
      check(std::string(error.code()) == "CORRUPT_DATA", std::string("the error of a damaged file: ") + error.what());
      refused++;
    }
  }
  check(refused > 0, "some damage is refused");
}

template <class D, class T>
void all(Distance distance, cbir::Metric metric, size_t rounds) {
  for (const size_t dimensions : {size_t{1}, size_t{3}, size_t{17}, size_t{130}}) {
    const size_t coordinates = distance == Distance::hamming ? dimensions * 5 : dimensions;
    for (const size_t count : {size_t{1}, size_t{2}, size_t{5}, size_t{40}, size_t{700}}) {
      for (const int kind : {0, 1, 2}) {
        for (const int trees : {1, 5, -1}) compare<D, T>(distance, metric, count, coordinates, trees, kind);
      }
    }
  }
  damage(distance, metric, rounds);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  folder = argv[1];
  chance.seed(std::strtoull(argv[2], nullptr, 10));
  const size_t rounds = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 200;
  all<Angular, float>(Distance::angular, cbir::Metric::annoyAngular, rounds);
  all<Euclidean, float>(Distance::euclidean, cbir::Metric::euclidean, rounds);
  all<Manhattan, float>(Distance::manhattan, cbir::Metric::manhattan, rounds);
  all<DotProduct, float>(Distance::dot, cbir::Metric::innerProduct, rounds);
  all<Hamming, uint64_t>(Distance::hamming, cbir::Metric::hamming, rounds);
  std::printf("%s\n", failures == 0 ? "ok" : "failed");
  return failures == 0 ? 0 : 1;
}
