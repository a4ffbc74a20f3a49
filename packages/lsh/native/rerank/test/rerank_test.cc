// The ranking of candidates and the scan over codes against plain loops, on its own, so that it runs under the
// sanitizers and an emulator. Prints what was checked; exits with 1 at the first difference. Takes the number of
// rounds.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include <cbir/kernels.h>

#include "../code_scan.h"
#include "../ranking.h"
#include "../vector_rows.h"

using namespace cbir;
using namespace cbir::lsh;

namespace {

using Random = std::mt19937_64;

size_t answers = 0;

[[noreturn]] void fail(const char* what) {
  std::printf("%s\n", what);
  std::exit(1);
}

double term(CoordinateSum sum, double a, double b) {
  switch (sum) {
    case CoordinateSum::squaredDifference: return (a - b) * (a - b);
    case CoordinateSum::product: return a * b;
    case CoordinateSum::absoluteDifference: return std::fabs(a - b);
    case CoordinateSum::minimum: return std::min(a, b);
    case CoordinateSum::differing: return a == b ? 0 : 1;
  }
  return 0;
}

float plainDistance(Metric metric, const float* a, const float* b, size_t n) {
  double sum = 0, normA = 0, normB = 0;
  for (size_t i = 0; i < n; i++) {
    sum += term(coordinateSumOf(metric), a[i], b[i]);
    normA += static_cast<double>(a[i]) * a[i];
    normB += static_cast<double>(b[i]) * b[i];
  }
  return giveOut(finish(metric, sum, normA, normB, n));
}

void rankSome(Random& random, Metric metric, size_t dimensions, float scale) {
  const size_t count = 1 + random() % 700;
  VectorRows rows(metric, dimensions);
  std::normal_distribution<float> normal;
  std::vector<float> all(count * dimensions);
  // Near each other, so that the order is hard to tell.
  for (size_t i = 0; i < all.size(); i++)
    all[i] = scale * (static_cast<float>(i % dimensions) + 1e-3f * normal(random));
  for (size_t at = 0; at < count;) {
    const size_t some = std::min<size_t>(count - at, 1 + random() % 300);
    rows.reserve(at + some);
    for (size_t i = 0; i < some; i++) rows.put(at + i, all.data() + (at + i) * dimensions);
    rows.commit(at += some);
  }
  std::vector<uint32_t> candidates;
  for (uint32_t row = 0; row < count; row++) {
    if (random() % 4 != 0) candidates.push_back(row);
  }
  std::shuffle(candidates.begin(), candidates.end(), random);
  const size_t k = 1 + random() % 20;
  Ranking ranking(metric, dimensions, k);
  const std::vector<float> query(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(dimensions));
  std::vector<float> wanted;
  for (const uint32_t row : candidates)
    wanted.push_back(plainDistance(metric, query.data(), all.data() + row * dimensions, dimensions));
  std::sort(wanted.begin(), wanted.end());
  std::vector<uint32_t> found(k);
  std::vector<float> distances(k);
  const auto check = [&](size_t got, const char* what) {
    if (got != std::min(k, wanted.size())) fail(what);
    for (size_t i = 0; i < got; i++) {
      if (!(std::fabs(distances[i] - wanted[i]) <= 1e-5 * std::fabs(wanted[i]) + 1e-7)) fail(what);
    }
    answers += got;
  };
  check(rankRows(rows, ranking, query.data(), candidates.data(), candidates.size(), found.data(), distances.data()),
        "rankRows");
  std::vector<float> given;
  for (const uint32_t row : candidates) {
    given.insert(given.end(), all.begin() + static_cast<std::ptrdiff_t>(row * dimensions),
                 all.begin() + static_cast<std::ptrdiff_t>((row + 1) * dimensions));
  }
  check(rankVectors(metric, dimensions, ranking, query.data(), given.data(), candidates.data(), candidates.size(),
                    found.data(), distances.data()),
        "rankVectors");
  std::vector<uint8_t> bits((count + 7) / 8);
  for (const uint32_t row : candidates) bits[row / 8] = static_cast<uint8_t>(bits[row / 8] | (1 << (row % 8)));
  const Bitmap allow{bits.data(), bits.size() * 8};
  Neighbours scanned = Neighbours::fixed(1, k);
  uint32_t counts = 0;
  scanRows(rows, query.data(), 0, 1, k, &allow, scanned, &counts, nullptr);
  distances = scanned.distances;
  check(counts, "scanRows");
}

void scanCodes(Random& random, size_t words) {
  const size_t count = 1 + random() % 900;
  std::vector<uint64_t> codes(count * words), query(words);
  for (uint64_t& word : codes) word = random() & random();
  for (uint64_t& word : query) word = random() & random();
  std::vector<uint8_t> bits((count + 7) / 8);
  for (uint8_t& byte : bits) byte = static_cast<uint8_t>(random());
  const Bitmap allow{bits.data(), bits.size() * 8};
  const Codes held{reinterpret_cast<const uint8_t*>(codes.data()), words, count};
  std::vector<std::pair<uint32_t, uint32_t>> all, wanted;
  std::vector<uint32_t> histogram(64 * words + 1), counted(64 * words + 1);
  for (uint32_t row = 0; row < count; row++) {
    uint32_t differing = 0;
    for (size_t w = 0; w < words; w++)
      differing += static_cast<uint32_t>(__builtin_popcountll(codes[row * words + w] ^ query[w]));
    histogram[differing]++;
    all.emplace_back(differing, row);
    if (allow.has(row)) wanted.emplace_back(differing, row);
  }
  std::sort(all.begin(), all.end());
  std::sort(wanted.begin(), wanted.end());
  const size_t limit = 1 + random() % (count + 10);
  std::vector<uint32_t> rows(limit);
  std::vector<float> shares(limit);
  Closest closest;
  const auto check = [&](const Bitmap* among) {
    const size_t got = closestCodes(held, query.data(), limit, among, closest, rows.data(), shares.data());
    if (got != std::min(limit, wanted.size())) fail("closestCodes: how many");
    for (size_t i = 0; i < got; i++) {
      const float share = static_cast<float>(static_cast<double>(wanted[i].first) / static_cast<double>(64 * words));
      if (rows[i] != wanted[i].second || shares[i] != share) fail("closestCodes");
    }
    answers += got;
  };
  check(&allow);
  wanted = all;
  check(nullptr);
  countByDistance(held, query.data(), counted.data());
  if (counted != histogram) fail("countByDistance");
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 1;
  Random random(7);
  for (int round = 0; round < rounds; round++) {
    for (const Metric metric :
         {Metric::euclidean, Metric::cosine, Metric::angular, Metric::annoyAngular, Metric::innerProduct,
          Metric::manhattan, Metric::histogramIntersection, Metric::hamming}) {
      for (const size_t dimensions : {size_t{1}, size_t{7}, size_t{64}, size_t{131}}) {
        rankSome(random, metric, dimensions, 1);
        if (metric == Metric::euclidean || metric == Metric::manhattan) rankSome(random, metric, dimensions, 1e-3f);
      }
    }
    for (const size_t words : {size_t{1}, size_t{2}, size_t{5}, size_t{16}}) scanCodes(random, words);
  }
  std::printf("%zu answers are exact on %s\n", answers, isaName(kernels().isa));
  return 0;
}
