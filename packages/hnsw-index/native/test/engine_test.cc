// The engine without JavaScript, for a sanitizer or valgrind: every kind of change and search, in every metric, and files whole and damaged.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <cbir/error.h>

#include "../graph.h"
#include "../graph_file.h"

using namespace cbir;
using namespace cbir::hnsw;

namespace {

std::mt19937 random_(7);

std::string now_;  // what is tested

void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s: %s\n", now_.c_str(), what);
  std::exit(1);
}

std::vector<float> vectors(size_t count, size_t dimensions) {
  std::vector<float> data(count * dimensions);
  for (float& x : data) x = static_cast<float>(random_() % 2001) / 1000.0f - 1.0f;
  return data;
}

struct Answer {
  std::vector<uint32_t> rows;
  std::vector<float> distances;
};

Answer search(const Graph& graph, const float* query, size_t k, size_t ef, const Bitmap* allow) {
  Answer answer{std::vector<uint32_t>(k), std::vector<float>(k)};
  const size_t found = graph.search(query, k, ef, allow, answer.rows.data(), answer.distances.data());
  answer.rows.resize(found);
  answer.distances.resize(found);
  return answer;
}

Answer scan(const Graph& graph, const float* query, size_t k, const Bitmap* allow) {
  Answer answer{std::vector<uint32_t>(k), std::vector<float>(k)};
  const size_t found = graph.scan(query, k, allow, answer.rows.data(), answer.distances.data(), nullptr);
  answer.rows.resize(found);
  answer.distances.resize(found);
  return answer;
}

/// Says how it is, as a wrong one is easier to understand with the number.
double recall(const Graph& graph, const std::vector<float>& queries, size_t dimensions, const Bitmap* allow) {
  size_t hits = 0;
  size_t wanted = 0;
  for (size_t i = 0; i < queries.size() / dimensions; i++) {
    const Answer found = search(graph, &queries[i * dimensions], 10, 80, allow);
    const Answer truth = scan(graph, &queries[i * dimensions], 10, allow);
    check(std::is_sorted(found.distances.begin(), found.distances.end()), "distances ascend");
    for (const uint32_t row : found.rows) check(row < graph.rows() && (allow == nullptr || allow->has(row)), "only allowed rows are found");
    // By distance: of equally distant rows any will do.
    for (const float distance : found.distances) hits += distance <= truth.distances.back();
    wanted += truth.rows.size();
  }
  const double share = wanted == 0 ? 1 : static_cast<double>(hits) / static_cast<double>(wanted);
  std::printf("%s: recall %.3f\n", now_.c_str(), share);
  return share;
}

void changesAndSearches(Metric metric, bool codes, bool reproducible) {
  constexpr size_t dimensions = 19;
  now_ = std::string(metricName(metric)) + (codes ? " by codes" : "");
  Settings settings;
  settings.metric = metric;
  settings.dimensions = dimensions;
  settings.M = 8;
  settings.efConstruction = 60;
  settings.codes = codes;
  settings.reproducible = reproducible;
  Graph graph(settings);
  Task task(nullptr);
  const std::vector<float> queries = vectors(20, dimensions);
  check(search(graph, queries.data(), 3, 10, nullptr).rows.empty(), "an empty graph finds nothing");
  for (const size_t count : {1, 2, 150, 247}) graph.append(vectors(count, dimensions).data(), count, count == 2 ? 397 : 0, task);
  graph.makeCodes(task);
  check(graph.rows() == 400, "rows are counted");
  check(recall(graph, queries, dimensions, nullptr) > 0.8, "recall");

  std::vector<uint8_t> bits(50);
  for (uint8_t& byte : bits) byte = static_cast<uint8_t>(random_());
  const Bitmap some{bits.data(), bits.size() * 8};
  check(recall(graph, queries, dimensions, &some) > 0.7, "recall with a filter");

  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < 400; row += 3) rows.push_back(row);
  graph.overwrite(rows.data(), vectors(rows.size(), dimensions).data(), rows.size(), task);
  check(recall(graph, queries, dimensions, nullptr) > 0.75, "recall after rows were replaced");

  // An aborted insertion leaves nodes that are walked through, never found, and used by the next.
  struct Stop final : Control {
  } stop;
  Task stopped(&stop);
  const std::vector<float> more = vectors(300, dimensions);
  std::vector<float> before(graph.vector(0), graph.vector(0) + dimensions);
  stop.abort();
  for (int change = 0; change < 2; change++) {
    try {
      if (change == 0) graph.append(more.data(), 300, 0, stopped);
      if (change == 1) graph.overwrite(rows.data(), more.data(), rows.size(), stopped);
      check(false, "an aborted change throws");
    } catch (const Aborted&) {
    }
  }
  check(graph.rows() == 400, "an aborted change adds no rows");
  check(std::equal(before.begin(), before.end(), graph.vector(0)), "an aborted change leaves vectors as they were");
  graph.append(more.data(), 300, 0, task);
  check(graph.rows() == 700 && graph.nodes() == 700, "rows take the place of what was left behind");
  check(recall(graph, queries, dimensions, nullptr) > 0.75, "recall at the end");

  // Values at the ends of the range of floats.
  std::vector<float> extreme(4 * dimensions, 3e38f);
  for (size_t i = 0; i < extreme.size(); i += 3) extreme[i] = -3e38f;
  for (size_t i = 0; i < dimensions; i++) extreme[i] = 0;
  for (size_t i = dimensions; i < 2 * dimensions; i++) extreme[i] = 1e-40f;
  graph.append(extreme.data(), 4, 0, task);
  for (size_t i = 0; i < 4; i++) search(graph, &extreme[i * dimensions], 700, 10, nullptr);
}

std::string readAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void files(const std::string& folder) {
  constexpr size_t dimensions = 7;
  now_ = "files";
  Settings settings;
  settings.dimensions = dimensions;
  settings.M = 5;
  settings.efConstruction = 40;
  Graph graph(settings);
  Task task(nullptr);
  graph.append(vectors(300, dimensions).data(), 300, 0, task);
  std::vector<uint8_t> bits(38, 0xff);
  bits[2] = 0;
  std::vector<uint64_t> labels(300);
  for (size_t i = 0; i < 300; i++) labels[i] = 1000 - i;
  const std::string path = folder + "/whole";
  GraphFile::write(graph, path, {labels.data(), Bitmap{bits.data(), 304}}, false, task);
  GraphFileWants wants;
  wants.settings = settings;
  wants.settings.dimensions = 0;
  const LoadedGraph loaded = GraphFile::read(path, wants, task);
  check(loaded.graph->rows() == 300 && loaded.deleted.size() == 8 && loaded.labels[5] == 995, "a file comes back");
  const std::vector<float> queries = vectors(20, dimensions);
  for (size_t i = 0; i < 20; i++) {
    check(search(graph, &queries[i * dimensions], 5, 30, nullptr).rows == search(*loaded.graph, &queries[i * dimensions], 5, 30, nullptr).rows,
          "a graph that was read answers as the one that was written");
  }

  const std::string whole = readAll(path);
  size_t refused = 0;
  for (int round = 0; round < 400; round++) {
    std::string damaged = whole;
    const size_t kind = random_() % 4;
    if (kind == 0) damaged.resize(random_() % whole.size());
    if (kind == 1) damaged += std::string(1 + random_() % 64, static_cast<char>(random_()));
    if (kind >= 2) {
      const size_t within = kind == 3 ? 96 : whole.size();
      for (size_t i = 1 + random_() % 64; i > 0; i--) damaged[random_() % within] ^= static_cast<char>(1 + random_() % 255);
    }
    const std::string other = folder + "/damaged";
    std::ofstream(other, std::ios::binary | std::ios::trunc) << damaged;
    try {
      LoadedGraph survivor = GraphFile::read(other, wants, task);
      for (size_t i = 0; i < 20; i++) search(*survivor.graph, &queries[i * dimensions], 10, 400, nullptr);
      survivor.graph->append(queries.data(), 20, 0, task);
    } catch (const Error&) {
      refused++;
    }
  }
  check(refused > 200, "damaged files are refused");
}

}  // namespace

int main() {
  for (const Metric metric : {Metric::euclidean, Metric::cosine, Metric::angular, Metric::annoyAngular, Metric::innerProduct, Metric::manhattan,
                              Metric::histogramIntersection, Metric::hamming}) {
    changesAndSearches(metric, false, metric == Metric::cosine);
    if (metric != Metric::hamming) changesAndSearches(metric, true, false);
  }
  const std::string folder = std::filesystem::temp_directory_path().string() + "/hnsw-engine-test-" + std::to_string(random_() ^ static_cast<unsigned>(time(nullptr)));
  std::filesystem::create_directory(folder);
  files(folder);
  std::filesystem::remove_all(folder);
  std::puts("ok");
}
