// The engine against a full sort of exact distances, for every metric, storage, way and instruction set of this processor; on its own, so that it runs
// under an emulator and under AddressSanitizer. Prints what was checked; exits with 1 at the first difference.
#include <cbir/cpu.h>
#include <cbir/metric.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "../exact.h"
#include "../search.h"

using namespace cbir;
using namespace cbir::flat;

namespace {

const Metric allMetrics[] = {Metric::euclidean,    Metric::cosine,    Metric::angular,              Metric::annoyAngular,
                             Metric::innerProduct, Metric::manhattan, Metric::histogramIntersection, Metric::hamming};

struct Data {
  const char* name;
  std::function<float(std::mt19937&, size_t row, size_t j)> number;
};

float normal(std::mt19937& random) { return std::normal_distribution<float>()(random); }

// What makes bounds wide, or wrong if they are careless.
const Data allData[] = {
    {"normal", [](std::mt19937& r, size_t, size_t) { return normal(r); }},
    {"positive", [](std::mt19937& r, size_t, size_t) { return std::fabs(normal(r)) / 16; }},
    {"few values", [](std::mt19937& r, size_t, size_t) { return static_cast<float>(r() % 3); }},
    {"all equal", [](std::mt19937&, size_t, size_t) { return 0.7f; }},
    {"zero rows", [](std::mt19937& r, size_t row, size_t) { return row % 3 == 0 ? 0.0f : normal(r); }},
    {"far from zero", [](std::mt19937& r, size_t, size_t) { return 1000 + normal(r) / 1000; }},
    {"rows of every size", [](std::mt19937& r, size_t row, size_t) { return std::ldexp(normal(r), static_cast<int>(row * 37 % 240) - 120); }},
    {"huge", [](std::mt19937& r, size_t, size_t) { return normal(r) * 5e37f; }},
    {"subnormal", [](std::mt19937& r, size_t, size_t) { return normal(r) * 1e-40f; }},
    {"small", [](std::mt19937& r, size_t, size_t) { return normal(r) * 1e-22f; }},
    {"constant dimensions", [](std::mt19937& r, size_t, size_t j) { return j % 2 == 0 ? -3.5f : normal(r) * 1e-4f; }},
    {"one large number", [](std::mt19937& r, size_t, size_t j) { return j == 0 ? 3e4f : normal(r); }},
    {"nearly the same", [](std::mt19937& r, size_t, size_t j) { return 1 + static_cast<float>(j) + static_cast<float>(r() % 4) * 1e-6f; }},
};

std::vector<float> make(const Data& data, std::mt19937& random, size_t rows, size_t n) {
  std::vector<float> x(rows * n);
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < n; j++) {
      const float number = data.number(random, i, j);
      x[i * n + j] = std::isfinite(number) ? number : 1;
    }
  }
  return x;
}

// A plain distance: the sum in double in the order of the coordinates.
float plainDistance(Metric metric, const float* a, const float* b, size_t n) {
  double sum = 0, na = 0, nb = 0;
  for (size_t j = 0; j < n; j++) {
    const double x = a[j], y = b[j];
    switch (coordinateSumOf(metric)) {
      case CoordinateSum::squaredDifference: sum += (y - x) * (y - x); break;
      case CoordinateSum::product: sum += x * y; break;
      case CoordinateSum::absoluteDifference: sum += std::fabs(x - y); break;
      case CoordinateSum::minimum: sum += x < y ? x : y; break;
      case CoordinateSum::differing: sum += x == y ? 0 : 1; break;
    }
    na += x * x;
    nb += y * y;
  }
  return giveOut(finish(metric, sum, na, nb, n));
}

struct Found {
  float distance;
  uint32_t row;
  bool operator<(const Found& other) const { return distance < other.distance || (distance == other.distance && row < other.row); }
};

size_t checks = 0;

bool same(const Neighbours& got, const std::vector<std::vector<Found>>& wanted, const char* what) {
  checks++;
  for (size_t q = 0; q < wanted.size(); q++) {
    const size_t count = got.offsets[q + 1] - got.offsets[q];
    bool equal = count == wanted[q].size();
    for (size_t i = 0; equal && i < count; i++) {
      const size_t at = got.offsets[q] + i;
      equal = got.rows[at] == wanted[q][i].row && std::memcmp(&got.distances[at], &wanted[q][i].distance, sizeof(float)) == 0;
    }
    if (!equal) {
      std::printf("DIFFERENT %s, query %zu: %zu neighbours, wanted %zu\n", what, q, count, wanted[q].size());
      for (size_t i = 0; i < std::min<size_t>(8, std::min(count, wanted[q].size())); i++) {
        const size_t at = got.offsets[q] + i;
        std::printf("  %u %.9g, wanted %u %.9g\n", got.rows[at], got.distances[at], wanted[q][i].row, wanted[q][i].distance);
      }
      return false;
    }
  }
  return true;
}

Neighbours ask(const Rows& rows, const Question& question, Isa isa, size_t workers, const Way* way) {
  Search search(rows, question, scanKernels(isa), workers, way);
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (size_t worker = 0; worker < workers; worker++) {
    const auto work = [&, worker] {
      for (size_t piece = next++; piece < search.pieces(); piece = next++) search.run(piece, piece + 1, worker);
    };
    if (workers == 1) {
      work();
    } else {
      threads.emplace_back(work);
    }
  }
  for (auto& thread : threads) thread.join();
  return search.take();
}

bool check(const Data& data, Metric metric, Storage storage, size_t n, size_t count, size_t queryCount, unsigned seed) {
  std::mt19937 random(seed);
  const std::vector<float> x = make(data, random, count, n);
  std::vector<float> queries = make(data, random, queryCount, n);
  std::copy(x.begin() + static_cast<std::ptrdiff_t>(count / 2 * n), x.begin() + static_cast<std::ptrdiff_t>((count / 2 + 1) * n), queries.begin());
  // Some 50 rows a block.
  Rows rows(metric, storage, n, (n + 15) / 16 * 64 * 50);
  rows.reserve(count);
  for (size_t i = 0; i < count; i++) rows.put(i, &x[i * n]);
  rows.commit(count);
  std::vector<uint8_t> some((count + 7) / 8);
  for (size_t i = 0; i < count; i++) {
    if (random() % 4 == 0 || i == 0) some[i >> 3] |= static_cast<uint8_t>(1 << (i & 7));
  }
  for (const bool filtered : {false, true}) {
    std::vector<std::vector<Found>> all(queryCount);
    for (size_t q = 0; q < queryCount; q++) {
      for (size_t i = 0; i < count; i++) {
        if (filtered && !((some[i >> 3] >> (i & 7)) & 1)) continue;
        all[q].push_back({plainDistance(metric, &queries[q * n], &x[i * n], n), static_cast<uint32_t>(i)});
      }
      std::sort(all[q].begin(), all[q].end());
    }
    const size_t most = all[0].size();
    for (const Isa isa : availableIsas()) {
      std::vector<Way> ways = {Way::rows, Way::several};
      const CoordinateSum sum = coordinateSumOf(metric);
      if (sum == CoordinateSum::product || sum == CoordinateSum::squaredDifference) ways.push_back(Way::tiles);
      if (storage != Storage::float32) ways = {Way::codes};
      for (const Way way : ways) {
        for (const size_t workers : {size_t{1}, size_t{2}}) {
          char what[200];
          std::snprintf(what, sizeof what, "%s, %s, storage %d, %s, way %d, n %zu, %zu rows, %zu threads%s", data.name, metricName(metric),
                        static_cast<int>(storage), isaName(isa), static_cast<int>(way), n, count, workers, filtered ? ", filtered" : "");
          Question question;
          question.queries = queries.data();
          question.count = queryCount;
          question.allow = filtered ? some.data() : nullptr;
          for (const size_t k : {size_t{1}, std::min<size_t>(10, most), std::min<size_t>(most, most / 2 + 1), most}) {
            question.k = k;
            std::vector<std::vector<Found>> wanted = all;
            for (auto& list : wanted) list.resize(k);
            if (!same(ask(rows, question, isa, workers, &way), wanted, what)) return false;
          }
          question.ranged = true;
          for (const float radius : {all[0][0].distance, all[0][most / 10].distance, all[0][most - 1].distance, -1.0f, INFINITY}) {
            question.radius = radius;
            std::vector<std::vector<Found>> wanted = all;
            for (auto& list : wanted) {
              list.erase(std::remove_if(list.begin(), list.end(), [&](const Found& f) { return !(f.distance <= radius); }), list.end());
            }
            if (!same(ask(rows, question, isa, workers, &way), wanted, what)) return false;
          }
        }
      }
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  // A number makes it shorter: every so manieth case.
  const size_t every = argc > 1 ? static_cast<size_t>(std::atoi(argv[1])) : 1;
  size_t number = 0;
  for (const Data& data : allData) {
    for (const Metric metric : allMetrics) {
      for (const Storage storage : {Storage::float32, Storage::float16, Storage::int8}) {
        if (metric == Metric::hamming && storage != Storage::float32) continue;
        for (const size_t n : {1, 7, 16, 33, 100}) {
          for (const size_t count : {1, 50, 230}) {
            if (number++ % every != 0) continue;
            if (!check(data, metric, storage, n, count, n == 33 ? 13 : 3, static_cast<unsigned>(number))) return 1;
          }
        }
      }
    }
  }
  std::printf("%zu answers are exact on", checks);
  for (const Isa isa : availableIsas()) std::printf(" %s", isaName(isa));
  std::printf("\n");
  return 0;
}
