// Holds every kernel of every instruction set that this CPU has against plain loops in compensated doubles or integers.
//
// Every array ends at, or begins after, a page that may not be read, at any alignment, so a read beyond it is a fault.
//
//   kernels_test isas            the sets that this CPU has
//   kernels_test chosen          the set that kernels() uses; or the code of the error
//   kernels_test run <isa>       the tests; prints what failed; the exit code tells
//   kernels_test metrics         lines "name sum a b dimensions" on standard input -> the distance given out, in %.9g
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/error.h>
#include <cbir/kernels.h>
#include "simd_test.h"

namespace cbir {
namespace {

int failures = 0;

#define EXPECT(condition, ...)                                     \
  do {                                                             \
    if (!(condition) && ++failures <= 20) {                        \
      std::printf("%s:%d: %s: ", __FILE__, __LINE__, #condition);  \
      std::printf(__VA_ARGS__);                                    \
      std::printf("\n");                                           \
    }                                                              \
  } while (0)

// Memory between two pages that may not be touched.
class Guarded {
 public:
  explicit Guarded(size_t bytes) {
    page_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    size_ = (bytes + page_ - 1) / page_ * page_;
    base_ = static_cast<char*>(mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED || mprotect(base_ + page_, size_, PROT_READ | PROT_WRITE) != 0) {
      std::perror("mmap");
      std::exit(2);
    }
  }
  ~Guarded() { munmap(base_, size_ + 2 * page_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  // Room for n elements whose end is `gap` bytes before the page behind; or, at the front, whose start is `gap` bytes after the
  // page before. Of any alignment: only to be written through memcpy.
  template <class T>
  T* atEnd(size_t n, size_t gap) const {
    return reinterpret_cast<T*>(base_ + page_ + size_ - n * sizeof(T) - gap);
  }
  template <class T>
  T* atStart(size_t gap) const {
    return reinterpret_cast<T*>(base_ + page_ + gap);
  }

 private:
  size_t page_, size_;
  char* base_;
};

std::mt19937_64 engine(20260);

uint64_t below(uint64_t n) { return engine() % n; }

enum class Values { unit, pixels, wide, subnormal, large, kinds };

float valueOf(Values kind) {
  const double u = static_cast<double>(engine() >> 11) * 0x1p-53;
  switch (kind) {
    case Values::unit: return static_cast<float>(2 * u - 1);
    case Values::pixels: return static_cast<float>(below(256));
    case Values::wide: return static_cast<float>((2 * u - 1) * std::ldexp(1.0, static_cast<int>(below(60)) - 30));
    case Values::subnormal: return static_cast<float>((2 * u - 1) * 0x1p-128);
    case Values::large: return static_cast<float>((2 * u - 1) * 1e17);
    case Values::kinds: break;
  }
  return 0;
}

template <class T>
struct Pair {
  std::vector<T> x, y;
};

Pair<float> randomFloats(size_t n) {
  const Values kind = static_cast<Values>(below(static_cast<uint64_t>(Values::kinds)));
  Pair<float> pair{std::vector<float>(n), std::vector<float>(n)};
  for (size_t i = 0; i < n; i++) {
    pair.x[i] = valueOf(kind);
    const uint64_t how = below(8);
    pair.y[i] = how == 0 ? pair.x[i] : how == 1 ? -pair.x[i] : valueOf(kind);
    if (below(16) == 0) pair.x[i] = 0.0f;
    if (below(16) == 0) pair.y[i] = -0.0f;
  }
  return pair;
}

// Copies of a vector where reading beyond it faults.
template <class T>
const T* place(const Guarded& memory, const std::vector<T>& values, size_t gap, bool front) {
  T* to = front ? memory.atStart<T>(gap) : memory.atEnd<T>(values.size(), gap);
  if (!values.empty()) std::memcpy(static_cast<void*>(to), values.data(), values.size() * sizeof(T));
  return to;
}

// A sum with Neumaier's compensation: as if it were added up in twice the precision.
struct Reference {
  double sum = 0, lost = 0, size = 0;
  void add(double term) {
    const double next = sum + term;
    lost += std::fabs(sum) >= std::fabs(term) ? sum - next + term : term - next + sum;
    sum = next;
    size += std::fabs(term);
  }
  double value() const { return sum + lost; }
};

Reference referenceOf(CoordinateSum sum, const std::vector<float>& x, const std::vector<float>& y) {
  Reference r;
  for (size_t i = 0; i < x.size(); i++) {
    const double a = x[i], b = y[i];
    switch (sum) {
      case CoordinateSum::squaredDifference: r.add((a - b) * (a - b)); break;
      case CoordinateSum::product: r.add(a * b); break;
      case CoordinateSum::absoluteDifference: r.add(std::fabs(a - b)); break;
      case CoordinateSum::minimum: r.add(a < b ? a : b); break;
      case CoordinateSum::differing: r.add(a == b ? 0 : 1); break;
    }
  }
  return r;
}

constexpr CoordinateSum allSums[] = {CoordinateSum::squaredDifference, CoordinateSum::product,
                                     CoordinateSum::absoluteDifference, CoordinateSum::minimum, CoordinateSum::differing};

// What float accumulation may be off by: a rounding for each step of the longest chain (n/16 with the narrowest vectors), some
// for the term and the last sum, and half of the smallest subnormal for each term.
double floatTolerance(const Reference& r, size_t n) {
  const double steps = static_cast<double>(n) / 16 + 8;
  return r.size * steps * 0x1p-24 + static_cast<double>(n) * 0x1p-149;
}

template <class T>
bool sameBits(T a, T b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

// Sizes: every one up to 300, then some that are met, and a long one.
std::vector<size_t> sizes() {
  std::vector<size_t> all;
  for (size_t n = 0; n <= 300; n++) all.push_back(n);
  for (const size_t n : {384, 512, 768, 784, 1000, 1024, 1536, 4095, 65536, 100003}) all.push_back(n);
  return all;
}

void testFloats(const Kernels& k) {
  const Guarded left(110000 * 4), right(110000 * 4);
  for (const size_t n : sizes()) {
    for (int round = 0; round < (n <= 300 ? 10 : 3); round++) {
      const Pair<float> pair = randomFloats(n);
      // Most callers' arrays are aligned to their elements; a mapped file's may not be.
      const size_t unit = round % 2 == 0 ? 4 : 1;
      const bool front = round == 4;
      const float* a = place(left, pair.x, below(16) * unit, front);
      const float* b = place(right, pair.y, round == 0 ? 0 : below(16) * unit, front);
      for (const CoordinateSum sum : allSums) {
        const Reference r = referenceOf(sum, pair.x, pair.y);
        const double want = r.value();
        const float got = k.ofSum(sum)(a, b, n);
        EXPECT(std::fabs(got - want) <= floatTolerance(r, n), "sum %d, n %zu: %.9g, not %.9g", static_cast<int>(sum), n, got, want);
        EXPECT(got == k.ofSum(sum)(b, a, n), "sum %d, n %zu is not symmetric", static_cast<int>(sum), n);
        const double exact = k.exactOfSum(sum)(a, b, n);
        EXPECT(std::fabs(exact - want) <= 1e-12 * r.size, "exact sum %d, n %zu: %.17g, not %.17g",
               static_cast<int>(sum), n, exact, want);
        EXPECT(exact == k.exactOfSum(sum)(b, a, n), "exact sum %d, n %zu is not symmetric", static_cast<int>(sum), n);
      }
      EXPECT(k.squaredEuclidean(a, a, n) == 0 && k.manhattan(a, a, n) == 0 && k.differing(a, a, n) == 0, "n %zu", n);
      EXPECT(k.squaredEuclideanExact(a, a, n) == 0 && k.manhattanExact(a, a, n) == 0 && k.differingExact(a, a, n) == 0, "n %zu", n);
      EXPECT(sameBits(k.squaredNorm(a, n), k.dot(a, a, n)), "n %zu", n);
      const double norm = k.squaredNormExact(a, n);
      EXPECT(sameBits(norm, k.dotExact(a, a, n)), "n %zu", n);
      EXPECT(giveOut(finish(Metric::cosine, norm, norm, norm, n)) == (norm == 0 ? 1 : 0), "n %zu, norm %.17g", n, norm);
    }
  }
  // Beyond float's range: infinity, not a wrong number; the exact twin still has it.
  const std::vector<float> big(9, 1e30f), small(9, -1e30f);
  EXPECT(k.squaredEuclidean(big.data(), small.data(), 9) == std::numeric_limits<float>::infinity(), " ");
  EXPECT(std::fabs(k.squaredEuclideanExact(big.data(), small.data(), 9) / 3.6e61 - 1) < 1e-6, " ");
}

// What binary16 bits stand for, by the definition.
double valueOfHalf(uint16_t half) {
  const int exponent = (half >> 10) & 31, fraction = half & 1023;
  const double sign = half & 0x8000 ? -1 : 1;
  if (exponent == 31) return fraction ? std::nan("") : sign * std::numeric_limits<double>::infinity();
  return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

// The value nearest to x among those of binary16, ties to the even fraction.
double nearestHalf(double x) {
  if (x == 0 || std::isinf(x)) return x;
  const int exponent = std::max(std::ilogb(x), -14);
  const double rounded = std::ldexp(std::nearbyint(std::ldexp(x, 10 - exponent)), exponent - 10);
  return std::fabs(rounded) >= 65536 ? std::copysign(std::numeric_limits<double>::infinity(), x) : rounded;
}

void testHalves(const Kernels& k) {
  // All of them, there and back.
  std::vector<uint16_t> halves(65536), back(65536);
  std::vector<float> floats(65536);
  for (size_t i = 0; i < halves.size(); i++) halves[i] = static_cast<uint16_t>(i);
  k.fromHalf(halves.data(), floats.data(), halves.size());
  k.toHalf(floats.data(), back.data(), halves.size());
  for (size_t i = 0; i < halves.size(); i++) {
    const double want = valueOfHalf(halves[i]);
    if (std::isnan(want)) {
      EXPECT(std::isnan(floats[i]) && back[i] == (halves[i] | 0x200), "%zx: %x", i, back[i]);
    } else {
      EXPECT(floats[i] == want && std::signbit(floats[i]) == std::signbit(want), "%zx: %.9g, not %.9g", i, floats[i], want);
      EXPECT(back[i] == halves[i], "%zx came back as %x", i, back[i]);
    }
  }
  // Between every two neighbours: the middle, and the floats next to it; then random floats of any size.
  std::vector<float> from;
  for (size_t i = 0; i < 0x7c00; i++) {
    const double low = valueOfHalf(static_cast<uint16_t>(i));
    const double high = i + 1 == 0x7c00 ? 65536 : valueOfHalf(static_cast<uint16_t>(i + 1));
    const float middle = static_cast<float>((low + high) / 2);
    for (const float x : {middle, std::nextafterf(middle, 0.0f), std::nextafterf(middle, 1e9f)}) {
      from.push_back(x);
      from.push_back(-x);
    }
  }
  for (int i = 0; i < 200000; i++) {
    const uint32_t bits = static_cast<uint32_t>(engine());
    float x;
    std::memcpy(&x, &bits, 4);
    from.push_back(x);
  }
  std::vector<uint16_t> to(from.size());
  k.toHalf(from.data(), to.data(), from.size());
  std::vector<uint16_t> plain(from.size());
  kernels(Isa::plain).toHalf(from.data(), plain.data(), from.size());
  for (size_t i = 0; i < from.size(); i++) {
    const double got = valueOfHalf(to[i]);
    if (std::isnan(from[i])) {
      EXPECT(std::isnan(got), "%zu", i);
    } else {
      const double want = nearestHalf(from[i]);
      EXPECT(got == want && std::signbit(got) == std::signbit(want), "%.9g: %.9g, not %.9g", from[i], got, want);
    }
    EXPECT(to[i] == plain[i], "%.9g: %x, with plain %x", from[i], to[i], plain[i]);
  }
  // Kernels on them, and conversions of any length, at the edge of memory.
  const Guarded left(110000 * 4), right(110000 * 4), out(110000 * 4);
  for (const size_t n : sizes()) {
    for (int round = 0; round < (n <= 300 ? 6 : 2); round++) {
      std::vector<float> query(n), row(n), read(n);
      std::vector<uint16_t> code(n), again(n);
      for (size_t i = 0; i < n; i++) {
        query[i] = valueOf(round % 2 ? Values::unit : Values::pixels);
        code[i] = static_cast<uint16_t>(below(0x7c00) | (below(2) << 15));
        row[i] = static_cast<float>(valueOfHalf(code[i]));
        if (below(8) == 0) query[i] = row[i];
      }
      const size_t unit = round % 2 == 0 ? 4 : 1;
      const float* a = place(left, query, below(8) * unit, false);
      const uint16_t* b = place(right, code, round == 0 ? 0 : below(16) * (unit == 4 ? 2 : 1), round == 4);
      for (const CoordinateSum sum : allSums) {
        const Reference r = referenceOf(sum, query, row);
        const double want = r.value();
        const float got = k.halfOfSum(sum)(a, b, n);
        EXPECT(std::fabs(got - want) <= floatTolerance(r, n), "half sum %d, n %zu: %.9g, not %.9g", static_cast<int>(sum), n, got,
               want);
      }
      float* floatsOut = out.atEnd<float>(n, 0);
      k.fromHalf(b, floatsOut, n);
      if (n != 0) std::memcpy(read.data(), floatsOut, n * 4);
      EXPECT(read == row, "n %zu", n);
      uint16_t* halvesOut = out.atEnd<uint16_t>(n, 0);
      k.toHalf(place(left, row, 0, false), halvesOut, n);
      if (n != 0) std::memcpy(again.data(), halvesOut, n * 2);
      EXPECT(again == code, "n %zu", n);
    }
  }
}

void testBytes(const Kernels& k) {
  const Guarded left(110000), right(110000);
  for (const size_t n : sizes()) {
    if (n > maxByteDimensions) continue;
    for (int round = 0; round < 8; round++) {
      std::vector<uint8_t> x(n), y(n);
      for (size_t i = 0; i < n; i++) {
        // One round is the worst case: every product at its largest.
        x[i] = round == 0 || round == 1 ? 255 : static_cast<uint8_t>(engine());
        y[i] = round == 0 ? 0 : round == 1 ? 255 : below(8) == 0 ? x[i] : static_cast<uint8_t>(engine());
      }
      const uint8_t* a = place(left, x, below(64), round == 4);
      const uint8_t* b = place(right, y, round == 2 ? 0 : below(64), round == 5);
      uint64_t squared = 0, product = 0, absolute = 0, minimum = 0;
      for (size_t i = 0; i < n; i++) {
        const int64_t d = static_cast<int64_t>(x[i]) - y[i];
        squared += static_cast<uint64_t>(d * d);
        product += static_cast<uint64_t>(x[i]) * y[i];
        absolute += static_cast<uint64_t>(d < 0 ? -d : d);
        minimum += std::min(x[i], y[i]);
      }
      EXPECT(k.squaredEuclideanU8(a, b, n) == squared, "n %zu: %u, not %zu", n, k.squaredEuclideanU8(a, b, n), size_t(squared));
      EXPECT(k.dotU8(a, b, n) == product, "n %zu: %u, not %zu", n, k.dotU8(a, b, n), size_t(product));
      EXPECT(k.manhattanU8(a, b, n) == absolute, "n %zu: %u, not %zu", n, k.manhattanU8(a, b, n), size_t(absolute));
      EXPECT(k.minimumSumU8(a, b, n) == minimum, "n %zu: %u, not %zu", n, k.minimumSumU8(a, b, n), size_t(minimum));
    }
  }
}

void testBits(const Kernels& k) {
  const Guarded left(110000 * 8), right(110000 * 8);
  for (const size_t n : sizes()) {
    for (int round = 0; round < 3; round++) {
      std::vector<uint64_t> x(n), y(n);
      uint32_t want = 0;
      for (size_t i = 0; i < n; i++) {
        x[i] = round == 0 ? ~uint64_t{0} : engine();
        y[i] = round == 0 ? 0 : engine();
        for (uint64_t v = x[i] ^ y[i]; v != 0; v &= v - 1) want++;
      }
      const uint64_t* a = place(left, x, below(32), false);
      const uint64_t* b = place(right, y, round == 0 ? 0 : below(32), round == 2);
      EXPECT(k.hammingBits(a, b, n) == want, "words %zu: %u, not %u", n, k.hammingBits(a, b, n), want);
    }
  }
}

void testBitmap() {
  const uint8_t bits[] = {0x81, 0x02};
  const Bitmap rows{bits, 16};
  for (size_t row = 0; row < 40; row++) EXPECT(rows.has(row) == (row == 0 || row == 7 || row == 9), "row %zu", row);
}

int run(const std::string& name) {
  for (const Isa isa : availableIsas()) {
    if (name != isaName(isa)) continue;
    const Kernels& k = kernels(isa);
    EXPECT(k.isa == isa, "the table of %s is that of %s", name.c_str(), isaName(k.isa));
    testFloats(k);
    testHalves(k);
    testBytes(k);
    testBits(k);
    testBitmap();
    const int vectors = CBIR_PICK(isa, testVectors)();
    std::printf("%s: %d failures of kernels, %d of vectors\n", name.c_str(), failures, vectors);
    return failures + vectors == 0 ? 0 : 1;
  }
  std::printf("This CPU has no %s.\n", name.c_str());
  return 2;
}

int metricsOfInput() {
  char name[64];
  double sum, a, b;
  size_t dimensions;
  while (std::scanf("%63s %lf %lf %lf %zu", name, &sum, &a, &b, &dimensions) == 5) {
    const Metric metric = metricOf(name);
    std::printf("%s %d %d %.9g\n", metricName(metric), static_cast<int>(coordinateSumOf(metric)), usesNorms(metric) ? 1 : 0,
                giveOut(finish(metric, sum, a, b, dimensions)));
  }
  return 0;
}

}  // namespace
}  // namespace cbir

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  try {
    if (what == "isas") {
      for (const cbir::Isa isa : cbir::availableIsas()) std::printf("%s\n", cbir::isaName(isa));
      return 0;
    }
    if (what == "chosen") {
      std::printf("%s\n", cbir::isaName(cbir::kernels().isa));
      return 0;
    }
    if (what == "run" && count > 2) return cbir::run(arguments[2]);
    if (what == "metrics") return cbir::metricsOfInput();
  } catch (const cbir::Error& error) {
    std::printf("%s %s\n", error.code(), error.what());
    return 3;
  }
  std::printf("usage: kernels_test isas | chosen | run <isa> | metrics\n");
  return 2;
}
