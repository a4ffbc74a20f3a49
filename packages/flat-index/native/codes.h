// Codes: a row in half or a quarter of its bytes, with a bound of what that lost. Codes are scanned first; the bound proves which rows need not be
// looked at in full.
//
// Row i is near x̂ = scale · c + offset, c bytes or float16 (there scale is 1 and offset 0). `residual` bounds what x̂ is off and what the scan
// rounds; `level` is what else the family of metrics needs:
//
// | family   | metrics                                | x is           | residual bounds | level                    |
// | distance | euclidean, cosine, angular, annoy-…    | the row, the row of length 1 | ‖x − x̂‖₂ | ‖x̂‖² less its rounding |
// | product  | inner-product                          | the row        | ‖x − x̂‖₂       | ‖x̂‖                     |
// | absolute | manhattan, histogram-intersection      | the row        | ‖x − x̂‖₁       | Σx more than `residual`  |
//
// By the triangle inequality |‖q − x‖ − ‖q − x̂‖| ≤ ‖x − x̂‖, for both norms; by Cauchy–Schwarz |⟨q, x⟩ − ⟨q, x̂⟩| ≤ ‖q‖ ‖x − x̂‖.
// Σmin(q, x) is (Σq + Σx − ‖q − x‖₁) / 2. A row for which no bound holds has residual NaN.
#pragma once
#include <cbir/metric.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cbir::flat {

enum class Storage { float32, float16, int8 };

// Throws Error INVALID_ARGUMENT.
Storage storageOf(std::string_view name);

enum class Family { distance, product, absolute };

// Throws Error INVALID_CONFIG for hamming, of which codes say nothing.
Family familyOf(Metric metric);

struct Codes {
  uint8_t* bytes = nullptr;     // int8: `stride` bytes a row
  uint16_t* halves = nullptr;   // float16: `stride` numbers a row
  float* scale = nullptr;
  float* offset = nullptr;
  float* level = nullptr;
  float* residual = nullptr;
};

// Bytes of the code of one number.
size_t codeBytes(Storage storage);

// Writes the code of a row of `n` numbers at place `at`; `stride` ≥ n numbers from a row to the next, of which the last keep what they are.
void encode(Storage storage, Metric metric, const float* row, double squaredNorm, size_t n, size_t stride, const Codes& codes, size_t at);

// A query against codes: what it is compared as, and what its own part of the bounds is.
struct CodedQuery {
  float unit = 0;      // what one of `integers` stands for
  float sum = 0;       // Σq
  float level = 0;     // distance: ‖q‖² less its rounding
  float slack = 0;     // distance: added to every residual; product: ‖q‖
  float lost = 0;      // product: what of the query's length its integers leave out
  float keep = 0;      // absolute: what of a sum is certain
  double half = 0;     // histogram-intersection: Σq / 2
  bool valid = false;  // false: no bound holds
};

// `numbers` gets the n numbers that the query is compared as with float16, and by manhattan and histogram-intersection: the query, or the query
// of length 1. `integers` gets what products with bytes are made of. Both have room for `stride`.
CodedQuery codeQuery(Storage storage, Metric metric, const float* query, double squaredNorm, size_t n, size_t stride, float* numbers,
                     int16_t* integers);

}  // namespace cbir::flat
