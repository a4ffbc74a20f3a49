// How long a kernel takes on one pair of vectors, with each instruction set: from the cache, and streaming through memory beside a
// plain read of the same bytes. Run by hand: g++ -std=c++17 -O3 -I ../include kernels_speed.cc ../src/{cpu,metric,kernels*}.cc
//
//   kernels_speed [dimensions = 784]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <cbir/kernels.h>

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

volatile double sink;

struct Timed {
  std::string name;
  size_t bytes;  // of one row
  std::function<double(size_t row)> call;
  double cached = std::numeric_limits<double>::infinity(), streamed = cached;
};

// Nanoseconds a row, over rows [0, rows), `repeats` times.
double time(const Timed& timed, size_t rows, int repeats) {
  const double start = now();
  double sum = 0;
  for (int r = 0; r < repeats; r++)
    for (size_t row = 0; row < rows; row++) sum += timed.call(row);
  sink = sum;
  return (now() - start) * 1e9 / static_cast<double>(rows) / repeats;
}

}  // namespace

int main(int count, char** arguments) {
  const size_t dimensions = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 784;
  if (dimensions == 0 || dimensions > 65536) {
    std::printf("usage: kernels_speed [dimensions 1 … 65536]\n");
    return 2;
  }
  const size_t rows = (size_t{200} << 20) / (dimensions * 4) + 1;
  std::vector<float> floats(rows * dimensions);
  std::vector<uint16_t> halves(floats.size());
  std::vector<uint8_t> bytes(floats.size());
  uint32_t state = 1;
  for (size_t i = 0; i < floats.size(); i++) {
    state = state * 1664525u + 1013904223u;
    bytes[i] = static_cast<uint8_t>(state >> 24);
    floats[i] = bytes[i];
  }
  cbir::kernels().toHalf(floats.data(), halves.data(), floats.size());
  std::vector<float> query(floats.begin(), floats.begin() + static_cast<std::ptrdiff_t>(dimensions));
  std::vector<uint8_t> codes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(dimensions));

  std::vector<Timed> all;
  const auto add = [&](std::string name, size_t size, std::function<double(size_t)> call) {
    all.push_back({std::move(name), dimensions * size, std::move(call)});
  };
  for (const cbir::Isa isa : cbir::availableIsas()) {
    const cbir::Kernels& k = cbir::kernels(isa);
    const std::string set = std::string(cbir::isaName(isa)) + " ";
    const size_t d = dimensions;
    const auto ofFloats = [&](const char* name, auto kernel) {
      add(set + name, 4, [&, kernel, d](size_t row) { return static_cast<double>(kernel(query.data(), floats.data() + row * d, d)); });
    };
    ofFloats("squaredEuclidean", k.squaredEuclidean);
    ofFloats("dot", k.dot);
    ofFloats("manhattan", k.manhattan);
    ofFloats("minimumSum", k.minimumSum);
    ofFloats("differing", k.differing);
    ofFloats("squaredEuclideanExact", k.squaredEuclideanExact);
    ofFloats("dotExact", k.dotExact);
    add(set + "squaredEuclideanHalf", 2, [&, d](size_t row) { return k.squaredEuclideanHalf(query.data(), halves.data() + row * d, d); });
    add(set + "squaredEuclideanU8", 1, [&, d](size_t row) { return k.squaredEuclideanU8(codes.data(), bytes.data() + row * d, d); });
    add(set + "dotU8", 1, [&, d](size_t row) { return k.dotU8(codes.data(), bytes.data() + row * d, d); });
  }
  // The read: a sum of the row's words in 64 bits, eight of them at a time.
  add("read", 4, [&, dimensions](size_t row) {
    const float* p = floats.data() + row * dimensions;
    uint64_t sums[8] = {};
    for (size_t i = 0; i + 16 <= dimensions; i += 16) {
      uint64_t words[8];
      __builtin_memcpy(words, p + i, sizeof words);
      for (size_t w = 0; w < 8; w++) sums[w] += words[w];
    }
    uint64_t sum = 0;
    for (const uint64_t s : sums) sum += s;
    return static_cast<double>(sum >> 32);
  });

  for (int round = 0; round < 5; round++) {
    for (Timed& timed : all) {
      timed.cached = std::min(timed.cached, time(timed, 4, 20000));
      timed.streamed = std::min(timed.streamed, time(timed, rows, 1));
    }
  }
  std::printf("%zu dimensions                    cached         streaming\n", dimensions);
  for (const Timed& timed : all)
    std::printf("%-32s %7.1f ns  %8.1f ns  %6.1f GB/s\n", timed.name.c_str(), timed.cached, timed.streamed,
                static_cast<double>(timed.bytes) / timed.streamed);
  return 0;
}
