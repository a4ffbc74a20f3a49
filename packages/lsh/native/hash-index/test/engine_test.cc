// The engine of the hash indexes against a full sort, for every kind, length of codes and instruction set of this
// processor, through changes, and by several threads at once; on its own, so that it runs under an emulator and under
// the sanitizers. Prints what was checked; exits with 1 at the first difference. Takes the number of rounds.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <cbir/cpu.h>

#include "../hash_index.h"
#include "../linear_search.h"

using namespace cbir;
using namespace cbir::lsh;

namespace {

using Random = std::mt19937_64;
using Code = std::vector<uint64_t>;

size_t answers = 0;

[[noreturn]] void fail(const char* what, const HashIndex& index, size_t k) {
  std::printf("%s: kind %d, %zu bits, %zu codes, k %zu, %s\n", what, static_cast<int>(index.settings().kind),
              index.rows().bits(), index.rows().count(), k, isaName(index.kernels().isa));
  std::exit(1);
}

Code randomCode(Random& random, size_t bits) {
  Code code((bits + 63) / 64);
  for (uint64_t& word : code) word = random();
  if (bits % 64 != 0) code.back() &= (uint64_t{1} << (bits % 64)) - 1;
  return code;
}

/// A code near one of a few, so that there are many ties.
Code nearOne(Random& random, const std::vector<Code>& centres, size_t bits) {
  Code code = centres[random() % centres.size()];
  for (size_t flips = random() % 5; flips > 0; flips--) {
    const size_t bit = random() % bits;
    code[bit / 64] ^= uint64_t{1} << (bit % 64);
  }
  return code;
}

/// Bit by bit, without a trick that could be wrong.
uint32_t differing(const uint64_t* a, const uint64_t* b, size_t bits) {
  uint32_t sum = 0;
  for (size_t j = 0; j < bits; j++) sum += (a[j / 64] >> (j % 64) & 1) != (b[j / 64] >> (j % 64) & 1);
  return sum;
}

void check(const HashIndex& index, const Code& query, size_t k, const uint32_t* rows, const float* distances) {
  const CodeRows& codes = index.rows();
  std::vector<std::pair<uint32_t, uint32_t>> all;
  for (size_t row = 0; row < codes.size(); row++) {
    if (codes.isLive(row))
      all.emplace_back(differing(codes.code(row), query.data(), codes.bits()), static_cast<uint32_t>(row));
  }
  std::sort(all.begin(), all.end());
  for (size_t i = 0; i < k; i++) {
    const float share = static_cast<float>(static_cast<double>(all[i].first) / static_cast<double>(codes.bits()));
    if (rows[i] != all[i].second || distances[i] != share) fail("another answer than a full sort's", index, k);
  }
}

/// One query by itself, and some by LinearSearch on two threads.
void ask(const HashIndex& index, Random& random, const std::vector<Code>& centres) {
  const size_t count = index.rows().count();
  if (count == 0) return;
  const size_t bits = index.rows().bits();
  for (const size_t wanted : {size_t{1}, size_t{10}, size_t{200}, count}) {
    const size_t k = std::min(wanted, count);
    const Code query = random() % 2 == 0 ? randomCode(random, bits) : nearOne(random, centres, bits);
    std::vector<uint32_t> rows(k);
    std::vector<float> distances(k);
    index.search(query.data(), k, rows.data(), distances.data());
    check(index, query, k, rows.data(), distances.data());
    answers++;
    if (index.settings().kind != HashIndexKind::linear) continue;
    const size_t words = index.rows().words();
    std::vector<Code> queries{query, randomCode(random, bits), nearOne(random, centres, bits)};
    std::vector<uint64_t> packed;
    for (const Code& one : queries) packed.insert(packed.end(), one.begin(), one.end());
    for (const size_t asked : {size_t{1}, queries.size()}) {
      LinearSearch search(index.rows(), index.kernels(), packed.data(), asked, k, 2);
      std::atomic<size_t> next{0};
      const auto work = [&](size_t worker) {
        for (size_t piece; (piece = next.fetch_add(1)) < search.pieces();) search.run(piece, piece + 1, worker);
      };
      std::thread other(work, 1);
      work(0);
      other.join();
      const Neighbours found = search.take();
      for (size_t i = 0; i < asked; i++)
        check(index, Code(packed.begin() + i * words, packed.begin() + (i + 1) * words), k, found.rows.data() + i * k,
              found.distances.data() + i * k);
      answers += asked;
    }
  }
}

void put(HashIndex& index, const std::vector<uint32_t>& rows, Random& random, const std::vector<Code>& centres) {
  size_t end = 0;
  for (const uint32_t row : rows) end = std::max<size_t>(end, row + size_t{1});
  index.reserve(std::max(end, index.rows().size()));
  for (const uint32_t row : rows) index.put(row, nearOne(random, centres, index.rows().bits()).data());
  index.commit(rows.data(), rows.size());
}

void change(HashIndex& index, Random& random, const std::vector<Code>& centres, size_t most) {
  std::vector<uint32_t> live;
  std::vector<uint32_t> fresh;
  for (size_t row = 0; row < index.rows().size(); row++)
    (index.rows().isLive(row) ? live : fresh).push_back(static_cast<uint32_t>(row));
  std::shuffle(live.begin(), live.end(), random);
  live.resize(random() % (live.size() + 1));
  index.free(live.data(), live.size());
  // Freed rows are used again, some of those just freed among them.
  fresh.insert(fresh.end(), live.begin(), live.begin() + static_cast<ptrdiff_t>(live.size() / 2));
  for (size_t i = 0, more = random() % most; i < more; i++)
    fresh.push_back(static_cast<uint32_t>(index.rows().size() + i));
  put(index, fresh, random, centres);
}

void run(HashIndexSettings settings, const HammingKernels& kernels, Random& random) {
  HashIndex index(settings, kernels);
  std::vector<Code> centres;
  for (size_t i = 0; i < 1 + random() % 8; i++) centres.push_back(randomCode(random, settings.bits));
  const size_t most = 1 + random() % 600;
  for (size_t step = 0; step < 4; step++) {
    change(index, random, centres, most);
    if (index.wantsStructure()) index.makeStructure([] {});
    ask(index, random, centres);
  }
  // Many at once.
  const size_t count = index.rows().count();
  if (count == 0) return;
  std::vector<std::thread> threads;
  for (uint64_t seed : {random(), random(), random()}) {
    threads.emplace_back([&index, &settings, seed, count] {
      Random own(seed);
      std::vector<uint32_t> rows(std::min<size_t>(count, 20));
      std::vector<float> distances(rows.size());
      for (size_t i = 0; i < 5; i++) {
        const Code query = randomCode(own, settings.bits);
        index.search(query.data(), rows.size(), rows.data(), distances.data());
        check(index, query, rows.size(), rows.data(), distances.data());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  answers += 15;
}

}  // namespace

int main(int argc, char** argv) {
  const size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1;
  Random random(20121117);
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<Isa> isas = availableIsas();
  for (size_t round = 0; round < rounds; round++) {
    for (const Isa isa : isas) {
      for (const size_t bits : {1, 7, 8, 20, 63, 64, 65, 100, 128, 192, 256, 320, 512, 1000, 1024}) {
        HashIndexSettings settings;
        settings.bits = bits;
        settings.blockBytes = 4096;
        settings.smallest = 1 + random() % 100;
        run(settings, hammingKernels(isa), random);
        for (const double patience : {never, 0.6, 0.0}) {
          settings.patience = patience;
          settings.kind = HashIndexKind::multiIndex;
          settings.substrings = random() % 2 == 0 ? 0 : std::min<size_t>(bits, (bits + 11) / 12);
          run(settings, hammingKernels(isa), random);
          settings.kind = HashIndexKind::ballTree;
          settings.leafSize = 1 + random() % 50;
          settings.seed = random();
          run(settings, hammingKernels(isa), random);
        }
      }
    }
  }
  std::printf("%zu answers are exact on", answers);
  for (const Isa isa : isas) std::printf(" %s", isaName(isa));
  std::printf("\n");
}
