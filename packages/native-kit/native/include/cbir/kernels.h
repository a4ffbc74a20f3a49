// Sums over the coordinates of two vectors, one table of functions per instruction set.
//
// Every function takes any n (0 too), reads nothing beyond element n − 1, and wants no alignment of the addresses (their type is
// a formality: bytes in a mapped file do). Input is finite; NaN in gives an unspecified value out, never a fault.
#pragma once
#include <cstddef>
#include <cstdint>

#include "cpu.h"
#include "metric.h"

namespace cbir {

// Accumulated in float: four vectors of partial sums, so the error is about n/32 roundings of Σ|terms| at most. Symmetric in a
// and b. The sums depend on the instruction set in the last bits. The squared difference of a vector to itself is 0.
using FloatKernel = float (*)(const float* a, const float* b, size_t n);
// Accumulated in double: products of floats are exact, so the relative error is about n · 2⁻⁵³ of Σ|terms| at most.
using ExactKernel = double (*)(const float* a, const float* b, size_t n);
// A float query against a row of float16 (IEEE binary16 bits), accumulated in float.
using HalfKernel = float (*)(const float* query, const uint16_t* row, size_t n);
// Bytes against bytes: exact integers up to n = maxByteDimensions, beyond it modulo 2³².
using ByteKernel = uint32_t (*)(const uint8_t* a, const uint8_t* b, size_t n);

// 65536 · 255² < 2³².
constexpr size_t maxByteDimensions = 65536;

struct Kernels {
  Isa isa;

  // Σ(a−b)², Σab, Σ|a−b|, Σmin(a, b), and the number of coordinates that differ (in float exact up to n = 2²⁴).
  FloatKernel squaredEuclidean;
  FloatKernel dot;
  FloatKernel manhattan;
  FloatKernel minimumSum;
  FloatKernel differing;

  ExactKernel squaredEuclideanExact;
  ExactKernel dotExact;
  ExactKernel manhattanExact;
  ExactKernel minimumSumExact;
  ExactKernel differingExact;

  HalfKernel squaredEuclideanHalf;
  HalfKernel dotHalf;
  HalfKernel manhattanHalf;
  HalfKernel minimumSumHalf;
  HalfKernel differingHalf;

  ByteKernel squaredEuclideanU8;
  ByteKernel dotU8;
  ByteKernel manhattanU8;
  ByteKernel minimumSumU8;

  // Σa², the same bits as dot(a, a) and dotExact(a, a) give.
  float (*squaredNorm)(const float* a, size_t n);
  double (*squaredNormExact)(const float* a, size_t n);

  // The number of bits that differ, of n = 64-bit words.
  uint32_t (*hammingBits)(const uint64_t* a, const uint64_t* b, size_t words);

  // To IEEE binary16, rounded to nearest, ties to even; subnormals kept; |x| ≥ 65520 becomes ±infinity; NaN stays NaN. The same
  // bits with every instruction set. And back, exactly. `from` and `to` do not overlap.
  void (*toHalf)(const float* from, uint16_t* to, size_t n);
  void (*fromHalf)(const uint16_t* from, float* to, size_t n);

  FloatKernel ofSum(CoordinateSum sum) const;
  ExactKernel exactOfSum(CoordinateSum sum) const;
  HalfKernel halfOfSum(CoordinateSum sum) const;
};

// The table of the chosen instruction set. Throws as chosenIsa does.
const Kernels& kernels();

// The table of one set. Throws Error NOT_USABLE where availableIsas() has not got it.
const Kernels& kernels(Isa isa);

}  // namespace cbir
