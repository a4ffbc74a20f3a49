// Codes: see codes.h.
#include "codes.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <cbir/error.h>
#include <cbir/kernels.h>

#include "rounding.h"

namespace cbir::flat {

namespace {

constexpr float greatestHalf = 65504;

// Roundings of a sum with codes, and on the way from it to the bound. Sums of integers have none of their own.
double codedGamma(Storage storage, Family family, size_t stride) {
  const bool integers = storage == Storage::int8 && family != Family::absolute;
  return 1.01 * gammaOf((integers ? 0 : scanRoundings(stride)) + 32);
}

// The greatest integer of a query of n numbers, so that no sum with bytes leaves int32.
double greatestInteger(size_t n) { return std::min(32767.0, std::floor(2147483647.0 / (255.0 * static_cast<double>(n)))); }

// Writes codes of `n` numbers, and what they stand for to `decoded`.
void writeBytes(const double* x, size_t n, uint8_t* to, float& scale, float& offset, double* decoded, double& codeNorm) {
  const auto [least, most] = std::minmax_element(x, x + n);
  offset = static_cast<float>(*least);
  scale = static_cast<float>((*most - *least) / 255);
  double squares = 0;
  for (size_t j = 0; j < n; j++) {
    const double place = scale > 0 ? std::round((x[j] - offset) / scale) : 0;
    const double code = std::clamp(place, 0.0, 255.0);
    to[j] = static_cast<uint8_t>(code);
    decoded[j] = static_cast<double>(scale) * code + offset;
    squares += code * code;
  }
  codeNorm = scale * std::sqrt(squares);
}

void writeHalves(const double* x, size_t n, uint16_t* to, double* decoded, double& codeNorm) {
  const Kernels& convert = kernels();
  double squares = 0;
  for (size_t from = 0; from < n; from += 64) {
    const size_t count = std::min<size_t>(64, n - from);
    float near[64];
    for (size_t j = 0; j < count; j++) near[j] = std::clamp(static_cast<float>(x[from + j]), -greatestHalf, greatestHalf);
    convert.toHalf(near, to + from, count);
    convert.fromHalf(to + from, near, count);
    for (size_t j = 0; j < count; j++) {
      decoded[from + j] = near[j];
      squares += static_cast<double>(near[j]) * near[j];
    }
  }
  codeNorm = std::sqrt(squares);
}

}  // namespace

Storage storageOf(std::string_view name) {
  if (name == "float32") return Storage::float32;
  if (name == "float16") return Storage::float16;
  if (name == "int8") return Storage::int8;
  throw Error("INVALID_ARGUMENT", "There is no storage \"" + std::string(name) + "\". There are float32, float16 and int8.");
}

Family familyOf(Metric metric) {
  switch (metric) {
    case Metric::innerProduct: return Family::product;
    case Metric::manhattan:
    case Metric::histogramIntersection: return Family::absolute;
    case Metric::hamming: throw Error("INVALID_CONFIG", "Codes say nothing about the metric hamming. Use storage float32 with it.");
    default: return Family::distance;
  }
}

size_t codeBytes(Storage storage) { return storage == Storage::int8 ? 1 : 2; }

void encode(Storage storage, Metric metric, const float* row, double squaredNorm, size_t n, size_t stride, const Codes& codes, size_t at) {
  // Two rows of doubles a thread, kept from call to call.
  static thread_local std::vector<double> scratch;
  scratch.resize(2 * n);
  double* x = scratch.data();
  double* decoded = x + n;
  const Family family = familyOf(metric);
  // Zero has no direction.
  const bool normal = usesNorms(metric);
  const double length = normal && squaredNorm > 0 ? std::sqrt(squaredNorm) : 1;
  for (size_t j = 0; j < n; j++) x[j] = row[j] / length;

  float scale = 1;
  float offset = 0;
  double codeNorm = 0;
  if (storage == Storage::int8) {
    writeBytes(x, n, codes.bytes + at * stride, scale, offset, decoded, codeNorm);
  } else {
    writeHalves(x, n, codes.halves + at * stride, decoded, codeNorm);
  }
  codes.scale[at] = scale;
  codes.offset[at] = offset;

  const double roots = std::sqrt(static_cast<double>(n));
  // ‖c·scale‖ + |offset·1| bounds every partial sum of a product with a query of length 1.
  const double extent = codeNorm + std::fabs(static_cast<double>(offset)) * roots;
  const double g = codedGamma(storage, family, stride);
  double squares = 0;
  double lostSquares = 0;
  double lostAbsolute = 0;
  double absolute = 0;
  double sum = 0;
  for (size_t j = 0; j < n; j++) {
    const double off = x[j] - decoded[j];
    squares += decoded[j] * decoded[j];
    lostSquares += off * off;
    lostAbsolute += std::fabs(off);
    absolute += std::fabs(decoded[j]);
    sum += x[j];
  }
  const double ownRounding = static_cast<double>(n + 64) * 0x1p-50;
  const double lost = std::sqrt(lostSquares) * (1 + ownRounding) + extent * ownRounding;
  float level = 0;
  double residual = 0;
  bool tame = squaredNorm <= 0x1p100 && g < 0.1;
  switch (family) {
    case Family::distance:
      level = roundDown(squares * (1 - ownRounding) - g * extent * extent);
      residual = lost + 16 * unitRoundoff * extent;
      if (normal && squaredNorm == 0) tame = false;
      break;
    case Family::product:
      level = roundUp(std::sqrt(squares) * (1 + ownRounding));
      residual = lost + g * extent;
      break;
    case Family::absolute: {
      // Numbers behind the last dimension have code 0, which stands for `offset`.
      const double behind = static_cast<double>(stride - n) * std::fabs(static_cast<double>(offset));
      residual = (behind + lostAbsolute) * (1 + 4 * unitRoundoff + ownRounding) + 4 * unitRoundoff * (absolute + behind) + underflow(n);
      level = roundUp(residual + sum + 4 * unitRoundoff * absolute);
      tame = tame && absolute <= 0x1p100;
      break;
    }
  }
  codes.level[at] = tame ? level : std::nanf("");
  codes.residual[at] = tame ? roundUp(residual) : std::nanf("");
}

CodedQuery codeQuery(Storage storage, Metric metric, const float* query, double squaredNorm, size_t n, size_t stride, float* numbers,
                     int16_t* integers) {
  CodedQuery coded;
  const Family family = familyOf(metric);
  const bool normal = usesNorms(metric);
  const double length = normal && squaredNorm > 0 ? std::sqrt(squaredNorm) : 1;
  double largest = 0;
  double absolute = 0;
  for (size_t j = 0; j < n; j++) {
    numbers[j] = static_cast<float>(query[j] / length);
    largest = std::max(largest, std::fabs(query[j] / length));
    absolute += std::fabs(query[j] / length);
  }
  const bool asIntegers = storage == Storage::int8 && family != Family::absolute;
  coded.unit = asIntegers ? static_cast<float>(largest / greatestInteger(n)) : 1;
  // Of what the query is compared as: its sum, its square, and how far it is from the query.
  double sum = 0;
  double squares = 0;
  double lostSquares = 0;
  for (size_t j = 0; j < n; j++) {
    const double x = query[j] / length;
    double as = numbers[j];
    if (asIntegers) {
      const double most = greatestInteger(n);
      const double integer = coded.unit > 0 ? std::clamp(std::round(x / coded.unit), -most, most) : 0;
      integers[j] = static_cast<int16_t>(integer);
      as = integer * coded.unit;
    }
    sum += as;
    squares += as * as;
    lostSquares += (x - as) * (x - as);
  }
  const double g = codedGamma(storage, family, stride);
  const double ownRounding = static_cast<double>(n + 64) * 0x1p-50;
  const double norm = std::sqrt(squares) * (1 + ownRounding);
  const double lost = std::sqrt(lostSquares) * (1 + ownRounding) + ownRounding * norm;
  coded.valid = g < 0.1 && greatestInteger(n) >= 1 && squaredNorm >= 0x1p-60 && squaredNorm <= 0x1p100 && absolute <= 0x1p100;
  coded.sum = static_cast<float>(sum);
  coded.half = sum / 2;
  coded.keep = static_cast<float>(1 - g);
  switch (family) {
    case Family::distance:
      coded.level = roundDown(squares * (1 - ownRounding) * (1 - g));
      coded.slack = roundUp(lost + 16 * unitRoundoff * norm);
      break;
    case Family::product:
      coded.slack = roundUp(norm);
      coded.lost = roundUp(lost);
      break;
    case Family::absolute: break;
  }
  return coded;
}

}  // namespace cbir::flat
