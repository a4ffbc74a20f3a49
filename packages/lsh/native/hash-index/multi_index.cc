// Multi-index hashing: codes that differ in few bits differ in still fewer in one of their substrings. One table for each substring; a query looks
// up the substrings close to its own, wider and wider, until the closest codes are proven (M. Norouzi, A. Punjani, D. J. Fleet, "Fast search in
// Hamming space with multi-index hashing", CVPR 2012).
#include <algorithm>
#include <cmath>
#include <string>

#include <cbir/error.h>

#include "linear_scan.h"
#include "structure.h"

namespace cbir::lsh {

namespace {

/// 64 MB of offsets.
constexpr size_t mostBits = 24;
/// Rows between two looks at whether the work is still wanted.
constexpr size_t checkEvery = size_t{1} << 16;

/// Substrings that are looked up together, so that memory is asked for long before it is read.
constexpr size_t lookupsAtOnce = 64;
/// Codes that are compared together.
constexpr size_t codesAtOnce = 128;

/// Nanoseconds of one lookup and of one row that it finds, about.
constexpr double lookupNanoseconds = 2.5;
constexpr double rowNanoseconds = 5;

/// The rows by one substring: those with the value v stand at offsets[v] … offsets[v + 1] − 1 of `rows`.
struct Table {
  size_t from;
  size_t bits;
  std::vector<uint32_t> offsets;
  std::vector<uint32_t> rows;

  uint32_t substring(const uint64_t* code) const {
    const size_t word = from >> 6;
    const size_t shift = from & 63;
    uint64_t value = code[word] >> shift;
    if (shift + bits > 64) value |= code[word + 1] << (64 - shift);
    return static_cast<uint32_t>(value & ((uint64_t{1} << bits) - 1));
  }
};

size_t bestSubstrings(size_t bits, size_t count) {
  const double wanted = std::max(1.0, std::log2(static_cast<double>(std::max<size_t>(count, 2))));
  const auto substrings = static_cast<size_t>(std::lround(static_cast<double>(bits) / wanted));
  return std::min(bits, std::max({size_t{1}, substrings, (bits + mostBits - 1) / mostBits}));
}

class MultiIndex final : public Structure {
 public:
  MultiIndex(const CodeRows& rows, size_t substrings, const Check& check) : count_(rows.count()) {
    const size_t bits = rows.bits();
    const size_t m = substrings == 0 ? bestSubstrings(bits, count_) : substrings;
    if (m > bits || (bits + m - 1) / m > mostBits) {
      throw Error("INVALID_CONFIG", "Codes of " + std::to_string(bits) + " bits can be cut into " + std::to_string((bits + mostBits - 1) / mostBits) +
                                        " to " + std::to_string(bits) + " substrings (of up to " + std::to_string(mostBits) +
                                        " bits); the configuration wants " + std::to_string(m) + ".");
    }
    tables_.resize(m);
    size_t from = 0;
    for (size_t t = 0; t < m; t++) {
      Table& table = tables_[t];
      table.from = from;
      table.bits = bits / m + (t < bits % m ? 1 : 0);
      from += table.bits;
      fill(table, rows, check);
    }
  }

  bool search(const Searched& in, const uint64_t* query, Scratch& scratch) const override {
    scratch.seen.resize(std::max(scratch.seen.size(), (in.rows.size() + 63) / 64));
    const bool found = Probe(*this, in, query, scratch).run();
    for (const uint32_t row : scratch.touched) scratch.seen[row >> 6] = 0;
    scratch.touched.clear();
    return found;
  }

  size_t bytes() const override {
    size_t bytes = 0;
    for (const Table& table : tables_) bytes += (table.offsets.size() + table.rows.size()) * sizeof(uint32_t);
    return bytes;
  }

 private:
  static void fill(Table& table, const CodeRows& rows, const Check& check) {
    // Counted one place too far, so that placing moves every offset to where it belongs.
    table.offsets.assign((size_t{1} << table.bits) + 2, 0);
    table.rows.resize(rows.count());
    const auto each = [&](auto&& visit) {
      for (size_t row = 0; row < rows.size(); row++) {
        if (row % checkEvery == 0) check();
        if (rows.isLive(row)) visit(row, table.substring(rows.code(row)));
      }
    };
    each([&](size_t, uint32_t value) { table.offsets[size_t{value} + 2]++; });
    for (size_t v = 2; v < table.offsets.size(); v++) table.offsets[v] += table.offsets[v - 1];
    each([&](size_t row, uint32_t value) { table.rows[table.offsets[size_t{value} + 1]++] = static_cast<uint32_t>(row); });
    table.offsets.pop_back();
  }

  /// One search.
  class Probe {
   public:
    Probe(const MultiIndex& index, const Searched& in, const uint64_t* query, Scratch& scratch)
        : index_(index), in_(in), query_(query), scratch_(scratch), perRow_(rowNanoseconds + scanNanoseconds(in.rows.words())) {}

    bool run() {
      const std::vector<Table>& tables = index_.tables_;
      size_t widest = 0;
      for (const Table& table : tables) widest = std::max(widest, table.bits);
      const Closest& closest = scratch_.closest;
      for (size_t radius = 0; radius <= widest; radius++) {
        for (size_t t = 0; t < tables.size(); t++) {
          // A code that was not found yet differs from the query in `radius` + 1 bits of each substring looked up so far, in `radius` of the others.
          if (radius <= tables[t].bits && !lookUp(tables[t], radius)) return false;
          if (closest.full() && closest.farthest() <= tables.size() * radius + t) return true;
        }
      }
      return true;
    }

   private:
    /// All substrings that differ from the query's in exactly `radius` bits; false where that is too much.
    bool lookUp(const Table& table, size_t radius) {
      const double lookups = choose(table.bits, radius);
      // Where the neighbours are the buckets are fuller, but less so the farther one looks.
      const double perLookup = std::max(static_cast<double>(index_.count_) / static_cast<double>(size_t{1} << table.bits), rowsPerLookup_ / 2);
      if (spent_ + lookups * (lookupNanoseconds + perLookup * perRow_) > in_.budget) return false;
      const uint32_t own = table.substring(query_);
      const size_t rowsBefore = rowsFound_;
      uint32_t values[lookupsAtOnce];
      size_t waiting = 0;
      const uint64_t end = uint64_t{1} << table.bits;
      for (uint64_t mask = (uint64_t{1} << radius) - 1; mask < end; mask = radius == 0 ? end : following(mask)) {
        values[waiting] = own ^ static_cast<uint32_t>(mask);
        __builtin_prefetch(table.offsets.data() + values[waiting]);
        if (++waiting < lookupsAtOnce) continue;
        if (!readBuckets(table, values, waiting)) return false;
        waiting = 0;
      }
      if (!readBuckets(table, values, waiting)) return false;
      rowsPerLookup_ = static_cast<double>(rowsFound_ - rowsBefore) / lookups;
      return true;
    }

    bool readBuckets(const Table& table, const uint32_t* values, size_t count) {
      spent_ += static_cast<double>(count) * lookupNanoseconds;
      uint32_t begins[lookupsAtOnce];
      uint32_t ends[lookupsAtOnce];
      size_t filled = 0;
      for (size_t i = 0; i < count; i++) {
        begins[filled] = table.offsets[values[i]];
        ends[filled] = table.offsets[size_t{values[i]} + 1];
        if (begins[filled] == ends[filled]) continue;
        __builtin_prefetch(table.rows.data() + begins[filled]);
        filled++;
      }
      for (size_t i = 0; i < filled; i++) {
        for (size_t at = begins[i]; at < ends[i]; at++) {
          const uint32_t row = table.rows[at];
          uint64_t& seen = scratch_.seen[row >> 6];
          const uint64_t bit = uint64_t{1} << (row & 63);
          rowsFound_++;
          if ((seen & bit) != 0) continue;
          seen |= bit;
          scratch_.touched.push_back(row);
          if (!in_.current.has(row)) continue;
          const uint64_t* code = in_.rows.code(row);
          __builtin_prefetch(code);
          rows_[codes_] = row;
          pointers_[codes_] = code;
          if (++codes_ == codesAtOnce && !compare()) return false;
        }
      }
      return compare();
    }

    /// Compares the codes that were gathered.
    bool compare() {
      uint32_t distances[codesAtOnce];
      in_.kernels.distances(pointers_, codes_, query_, in_.rows.words(), distances);
      Closest& closest = scratch_.closest;
      for (size_t i = 0; i < codes_; i++) {
        if (distances[i] < closest.limit()) closest.add(rows_[i], distances[i]);
      }
      spent_ += static_cast<double>(codes_) * perRow_;
      codes_ = 0;
      return spent_ <= in_.budget;
    }

    static double choose(size_t n, size_t k) {
      double ways = 1;
      for (size_t i = 0; i < k; i++) ways = ways * static_cast<double>(n - i) / static_cast<double>(i + 1);
      return ways;
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
    const double perRow_;
    double spent_ = 0;
    double rowsPerLookup_ = 0;
    size_t rowsFound_ = 0;
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
