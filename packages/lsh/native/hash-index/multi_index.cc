// Multi-index hashing: codes that differ in few bits differ in still fewer in one of their substrings. One table for
// each substring; a query looks up the substrings close to its own, wider and wider, until the closest codes are proven
// (M. Norouzi, A. Punjani, D. J. Fleet, "Fast search in Hamming space with multi-index hashing", CVPR 2012).
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <cbir/error.h>
#include <cbir/pages.h>
#include <cbir/prefetch.h>

#include "linear_scan.h"
#include "structure.h"

namespace cbir::lsh {

namespace {

/// 64 MB of offsets.
constexpr size_t mostBits = 24;
/// Rows of a value, about, that are best read one behind the other: reading a row costs a fiftieth of going to another
/// value.
constexpr double rowsOfValue = 16;
/// Rows between two looks at whether the work is still wanted.
constexpr size_t checkEvery = size_t{1} << 16;

/// Substrings that are looked up together, so that memory is asked for long before it is read.
constexpr size_t lookupsAtOnce = 64;
/// Rows that are read in one go, and codes that are compared together.
constexpr size_t rowsAtOnce = 256;
constexpr size_t codesAtOnce = 128;

/// Entries of a cache line, and so many of a value that are asked for before the first is read; the processor foresees
/// the others.
constexpr size_t entriesOfLine = 8;
constexpr size_t entriesAsked = 64;

/// Nanoseconds, about, of one lookup, of one row that it finds, and of a code that is compared.
constexpr double lookupNanoseconds = 50;
constexpr double rowNanoseconds = 0.7;
constexpr double codeNanoseconds = 8;

/// `count` ≤ 32 bits of a code from bit `from` on.
uint32_t bitsFrom(const uint64_t* code, size_t from, size_t count) {
  if (count == 0) return 0;
  const size_t word = from >> 6;
  const size_t shift = from & 63;
  uint64_t value = code[word] >> shift;
  if (shift + count > 64) value |= code[word + 1] << (64 - shift);
  return static_cast<uint32_t>(value & ((uint64_t{1} << count) - 1));
}

/// The rows by one substring: those with the value v stand at offsets[v] … offsets[v + 1] − 1 of `entries`. Beside each
/// row, above it, there are up to 32 bits from behind the substring, its print: most rows need not be looked at any
/// further.
struct Table {
  size_t from = 0;
  size_t bits = 0;
  size_t codeBits = 0;
  Pages memory;
  uint64_t* entries = nullptr;
  uint32_t* offsets = nullptr;

  uint32_t substring(const uint64_t* code) const { return bitsFrom(code, from, bits); }
  uint32_t print(const uint64_t* code) const {
    const size_t count = std::min<size_t>(32, codeBits - bits);
    const size_t behind = std::min(count, codeBits - from - bits);
    // At the end of the code it goes on at the beginning.
    const uint64_t rest = bitsFrom(code, 0, count - behind);
    return static_cast<uint32_t>(bitsFrom(code, from + bits, behind) | rest << behind);
  }
};

size_t bestSubstrings(size_t bits, size_t count) {
  const double wanted = std::max(1.0, std::log2(static_cast<double>(count) / rowsOfValue));
  const auto substrings = static_cast<size_t>(std::lround(static_cast<double>(bits) / wanted));
  return std::min(bits, std::max({size_t{1}, substrings, (bits + mostBits - 1) / mostBits}));
}

class MultiIndex final : public Structure {
 public:
  MultiIndex(const CodeRows& rows, size_t substrings, const Check& check) : count_(rows.count()) {
    const size_t bits = rows.bits();
    const size_t m = substrings == 0 ? bestSubstrings(bits, count_) : substrings;
    if (m > bits || (bits + m - 1) / m > mostBits) {
      throw Error("INVALID_CONFIG", "Codes of " + std::to_string(bits) + " bits can be cut into " +
                                        std::to_string((bits + mostBits - 1) / mostBits) + " to " +
                                        std::to_string(bits) + " substrings (of up to " + std::to_string(mostBits) +
                                        " bits); the configuration wants " + std::to_string(m) + ".");
    }
    tables_.resize(m);
    size_t from = 0;
    for (size_t t = 0; t < m; t++) {
      Table& table = tables_[t];
      table.from = from;
      table.bits = bits / m + (t < bits % m ? 1 : 0);
      table.codeBits = bits;
      from += table.bits;
      fill(table, rows, check);
    }
  }

  uint32_t reach(const Searched& in) const override {
    double spent = 0;
    for (size_t radius = 0; radius <= tables_[0].bits; radius++) {
      for (size_t t = 0; t < tables_.size(); t++) {
        spent += expected(tables_[t], radius, 0);
        if (spent > in.budget) return static_cast<uint32_t>(tables_.size() * radius + t);
      }
    }
    return static_cast<uint32_t>(in.rows.bits());
  }

  bool search(const Searched& in, const uint64_t* query, Scratch& scratch) const override {
    scratch.seen.resize(std::max(scratch.seen.size(), (in.rows.size() + 63) / 64));
    scratch.spent = 0;
    const bool found = Probe(*this, in, query, scratch).run();
    for (const uint32_t row : scratch.touched) scratch.seen[row >> 6] = 0;
    scratch.touched.clear();
    return found;
  }

  size_t bytes() const override {
    size_t bytes = 0;
    for (const Table& table : tables_) bytes += table.memory.size();
    return bytes;
  }

 private:
  static void fill(Table& table, const CodeRows& rows, const Check& check) {
    // Counted one place too far, so that placing moves every offset to where it belongs.
    const size_t offsets = (size_t{1} << table.bits) + 2;
    table.memory = Pages(offsets * sizeof(uint32_t) + rows.count() * sizeof(uint64_t));
    table.memory.makeHuge();
    table.entries = reinterpret_cast<uint64_t*>(table.memory.data());
    table.offsets = reinterpret_cast<uint32_t*>(table.entries + rows.count());
    const auto each = [&](auto&& visit) {
      for (size_t row = 0; row < rows.size(); row++) {
        if (row % checkEvery == 0) check();
        if (rows.isLive(row)) visit(row, table.substring(rows.code(row)));
      }
    };
    each([&](size_t, uint32_t value) { table.offsets[size_t{value} + 2]++; });
    for (size_t v = 2; v < offsets; v++) table.offsets[v] += table.offsets[v - 1];
    each([&](size_t row, uint32_t value) {
      table.entries[table.offsets[size_t{value} + 1]++] = uint64_t{table.print(rows.code(row))} << 32 | row;
    });
  }

  static double choose(size_t n, size_t k) {
    double ways = k <= n ? 1 : 0;
    for (size_t i = 0; i < k; i++) ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
    return ways;
  }

  /// Nanoseconds, about, of looking up all substrings that differ in `radius` bits, where each has so many rows or
  /// more.
  double expected(const Table& table, size_t radius, double rows) const {
    const double perLookup = std::max(static_cast<double>(count_) / static_cast<double>(size_t{1} << table.bits), rows);
    return choose(table.bits, radius) * (lookupNanoseconds + perLookup * rowNanoseconds);
  }

  /// One search.
  class Probe {
   public:
    Probe(const MultiIndex& index, const Searched& in, const uint64_t* query, Scratch& scratch)
        : index_(index),
          in_(in),
          query_(query),
          scratch_(scratch),
          reach_(index.reach(in)),
          perCode_(codeNanoseconds + 2 * scanNanoseconds(in.rows.words())) {}

    bool run() {
      const std::vector<Table>& tables = index_.tables_;
      size_t widest = 0;
      for (const Table& table : tables) widest = std::max(widest, table.bits);
      const Closest& closest = scratch_.closest;
      for (size_t radius = 0; radius <= widest; radius++) {
        for (size_t t = 0; t < tables.size(); t++) {
          // A code that was not found yet differs from the query in `radius` + 1 bits of each substring looked up so
          // far, in `radius` of the others.
          if (radius <= tables[t].bits && !lookUp(tables[t], radius)) return false;
          const size_t proven = tables.size() * radius + t;
          if (closest.full() && closest.farthest() <= proven) return true;
          // All within the limit were found, and they are too few.
          if (proven < in_.rows.bits() && proven >= reach_) return false;
        }
      }
      return true;
    }

   private:
    /// All substrings that differ from the query's in exactly `radius` bits; false where that is too much.
    bool lookUp(const Table& table, size_t radius) {
      // Where the neighbours are the buckets are fuller, but less so the farther one looks.
      if (scratch_.spent + index_.expected(table, radius, rowsPerLookup_ / 2) > in_.budget) return false;
      const uint32_t own = table.substring(query_);
      print_ = table.print(query_);
      radius_ = static_cast<uint32_t>(radius);
      const size_t rowsBefore = rowsFound_;
      uint32_t values[lookupsAtOnce];
      size_t waiting = 0;
      const uint64_t end = uint64_t{1} << table.bits;
      for (uint64_t mask = (uint64_t{1} << radius) - 1; mask < end; mask = radius == 0 ? end : following(mask)) {
        values[waiting] = own ^ static_cast<uint32_t>(mask);
        prefetch(table.offsets + values[waiting]);
        if (++waiting < lookupsAtOnce) continue;
        if (!readBuckets(table, values, waiting)) return false;
        waiting = 0;
      }
      if (!readBuckets(table, values, waiting)) return false;
      rowsPerLookup_ = static_cast<double>(rowsFound_ - rowsBefore) / MultiIndex::choose(table.bits, radius);
      return true;
    }

    bool readBuckets(const Table& table, const uint32_t* values, size_t count) {
      scratch_.spent += static_cast<double>(count) * lookupNanoseconds;
      uint32_t begins[lookupsAtOnce];
      uint32_t ends[lookupsAtOnce];
      size_t filled = 0;
      for (size_t i = 0; i < count; i++) {
        begins[filled] = table.offsets[values[i]];
        ends[filled] = table.offsets[size_t{values[i]} + 1];
        if (begins[filled] == ends[filled]) continue;
        const size_t soon = std::min<size_t>(ends[filled], begins[filled] + entriesAsked);
        for (size_t at = begins[filled]; at < soon; at += entriesOfLine) prefetch(table.entries + at);
        prefetch(table.entries + soon - 1);
        filled++;
      }
      for (size_t i = 0; i < filled; i++) {
        for (size_t at = begins[i]; at < ends[i]; at += rowsAtOnce) {
          if (!readEntries(table.entries + at, std::min(rowsAtOnce, ends[i] - at))) return false;
        }
      }
      return compare();
    }

    bool readEntries(const uint64_t* entries, size_t count) {
      // What differs in the substring is not in the print.
      const uint32_t limit = scratch_.closest.limit();
      uint32_t rows[rowsAtOnce];
      const size_t left = limit <= radius_ ? 0 : in_.kernels.filter(entries, count, print_, limit - radius_, rows);
      rowsFound_ += count;
      scratch_.spent += static_cast<double>(count) * rowNanoseconds;
      for (size_t i = 0; i < left; i++) {
        const uint32_t row = rows[i];
        uint64_t& seen = scratch_.seen[row >> 6];
        const uint64_t bit = uint64_t{1} << (row & 63);
        if ((seen & bit) != 0) continue;
        seen |= bit;
        scratch_.touched.push_back(row);
        if (!in_.current.has(row)) continue;
        const uint64_t* code = in_.rows.code(row);
        prefetch(code);
        rows_[codes_] = row;
        pointers_[codes_] = code;
        if (++codes_ == codesAtOnce && !compare()) return false;
      }
      return scratch_.spent <= in_.budget;
    }

    /// Compares the codes that were gathered.
    bool compare() {
      uint32_t distances[codesAtOnce];
      in_.kernels.distances(pointers_, codes_, query_, in_.rows.words(), distances);
      Closest& closest = scratch_.closest;
      for (size_t i = 0; i < codes_; i++) {
        if (distances[i] < closest.limit()) closest.add(rows_[i], distances[i]);
      }
      scratch_.spent += static_cast<double>(codes_) * perCode_;
      codes_ = 0;
      return scratch_.spent <= in_.budget;
    }

    /// The next larger number with as many bits set. In this order lookups that share a cache line follow each other.
    static uint64_t following(uint64_t mask) {
      const uint64_t lowest = mask & (~mask + 1);
      const uint64_t up = mask + lowest;
      return up | (((up ^ mask) >> 2) >> __builtin_ctzll(mask));
    }

    const MultiIndex& index_;
    const Searched& in_;
    const uint64_t* query_;
    Scratch& scratch_;
    const size_t reach_;
    const double perCode_;
    double rowsPerLookup_ = 0;
    size_t rowsFound_ = 0;
    uint32_t print_ = 0;
    uint32_t radius_ = 0;
    size_t codes_ = 0;
    uint32_t rows_[codesAtOnce];
    const uint64_t* pointers_[codesAtOnce];
  };

  size_t count_;
  std::vector<Table> tables_;
};

}  // namespace

std::unique_ptr<Structure> buildMultiIndex(const CodeRows& rows, size_t substrings, const Check& check) {
  return std::make_unique<MultiIndex>(rows, substrings, check);
}

}  // namespace cbir::lsh
