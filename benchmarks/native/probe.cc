// The machine's limits at this moment: bytes read a second from memory, and fused multiply-adds a second, on so many threads.

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>

#include "peer.h"

using peer::Words;

namespace {

typedef float Wide __attribute__((vector_size(32), aligned(32)));

Wide* memory = nullptr;
size_t memoryWides = 0;

/** In large pages where the system has them, as whoever wants the whole bandwidth would ask for them. */
std::string allocate(const Words& words) {  // bytes
  constexpr size_t page = size_t{2} << 20;
  size_t bytes = std::stoull(words[0]) / 256 * 256;
  size_t whole = (bytes + page - 1) / page * page;
  std::free(memory);
  memory = static_cast<Wide*>(std::aligned_alloc(page, whole));
#ifdef MADV_HUGEPAGE
  madvise(memory, whole, MADV_HUGEPAGE);
#endif
  memoryWides = bytes / sizeof(Wide);
  for (size_t i = 0; i < memoryWides; i++) memory[i] = Wide{} + float(i & 255);
  return "\"bytes\":" + std::to_string(bytes);
}

/** Sum of a stretch; eight sums, so that the adds do not wait for each other and the reads alone bound it. */
float sum(const Wide* from, size_t wides) {
  Wide sums[8] = {};
  for (size_t i = 0; i + 8 <= wides; i += 8) {
    __builtin_prefetch(reinterpret_cast<const char*>(from + i) + 2048);
    __builtin_prefetch(reinterpret_cast<const char*>(from + i) + 2112);
    __builtin_prefetch(reinterpret_cast<const char*>(from + i) + 2176);
    __builtin_prefetch(reinterpret_cast<const char*>(from + i) + 2240);
    for (size_t j = 0; j < 8; j++) sums[j] += from[i + j];
  }
  Wide all = sums[0];
  for (size_t j = 1; j < 8; j++) all += sums[j];
  float total = 0;
  for (size_t j = 0; j < 8; j++) total += all[j];
  return total;
}

std::atomic<float> sink;

std::string read(const Words& words) {  // threads, repetitions
  unsigned threads = unsigned(std::stoul(words[0]));
  size_t repetitions = std::stoull(words[1]);
  size_t share = memoryWides / threads / 8 * 8;
  double began = peer::milliseconds();
  peer::onThreads(threads, [&](unsigned thread) {
    for (size_t i = 0; i < repetitions; i++) sink = sum(memory + thread * share, share);
  });
  double ms = (peer::milliseconds() - began) / double(repetitions);
  return "\"ms\":" + std::to_string(ms) + ",\"bytes\":" + std::to_string(share * threads * sizeof(Wide));
}

/** 256 bits at a time, as our kernels. Ten independent chains: more than latency times throughput of any core of this kind, and all of them in registers. */
float multiplyAdd(size_t steps) {
  Wide a[10], b = Wide{} + 0.999f, c = Wide{} + 1e-3f;
#pragma GCC unroll 10
  for (size_t i = 0; i < 10; i++) a[i] = Wide{} + float(i);
  for (size_t step = 0; step < steps; step++) {
#pragma GCC unroll 10
    for (size_t i = 0; i < 10; i++) a[i] = a[i] * b + c;
    // Keeps the compiler from merging steps.
    asm volatile("" : "+x"(a[0]), "+x"(a[1]), "+x"(a[2]), "+x"(a[3]), "+x"(a[4]), "+x"(a[5]), "+x"(a[6]), "+x"(a[7]), "+x"(a[8]), "+x"(a[9]));
  }
  Wide all = a[0];
#pragma GCC unroll 10
  for (size_t i = 1; i < 10; i++) all += a[i];
  float total = 0;
  for (size_t i = 0; i < sizeof(Wide) / sizeof(float); i++) total += all[i];
  return total;
}

std::string multiplyAdds(const Words& words) {  // threads, millions of steps
  unsigned threads = unsigned(std::stoul(words[0]));
  size_t steps = std::stoull(words[1]) * 1000000;
  double began = peer::milliseconds();
  peer::onThreads(threads, [&](unsigned) { sink = multiplyAdd(steps); });
  double ms = peer::milliseconds() - began;
  double operations = double(steps) * 10 * (sizeof(Wide) / sizeof(float)) * 2 * threads;
  return "\"ms\":" + std::to_string(ms) + ",\"gflops\":" + std::to_string(operations / ms / 1e6);
}

}  // namespace

int main() { return peer::serve({{"allocate", allocate}, {"read", read}, {"fma", multiplyAdds}}); }
