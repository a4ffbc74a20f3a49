// Vectors of floats, doubles and bytes under one set of names for every instruction set, and sums over coordinates made of them.
//
// Included by <cbir/isa/avx2.h>, avx512.h, neon.h and plain.h only, each of which defines the types below in a namespace of its
// own and compiles what follows it for that set, up to <cbir/isa/end.h>. A kernel is written once, in `x.kernel.inc`:
//
//     namespace cbir::CBIR_ISA {
//     float norm(const float* a, size_t n) { … F32 … }
//     }
//
// and compiled by one small file for each set (`x_avx2.cc`; `x_neon.cc` under `#if CBIR_ARM64`, `x_plain.cc` always):
//
//     #include <cbir/cpu.h>
//     #if CBIR_X86
//     #include "x.h"              // every other header comes before the set's
//     #include <cbir/isa/avx2.h>
//     #include "x.kernel.inc"
//     #include <cbir/isa/end.h>
//     #endif
//
// and picked with CBIR_PICK(chosenIsa(), norm) of <cbir/cpu.h>. Name a namespace of your own inside it (`CBIR_ISA::scan`): others'
// kernels are in the same one. Two rules:
// - No header is included after the set's: its inline functions would be emitted with the set's instructions, and the linker could
//   choose those for every CPU.
// - Kernels are loops over pointers. Templates of the standard library are compiled for the baseline, a call for each step.
// An array of vectors stays in registers where the loops over it have constant bounds and `#pragma GCC unroll`: a tile of 6 × 2
// sums (12 × 2 where there are 32 registers), one broadcast and two loads a step, runs at 95 % of the FMA peak.
//
// F32 — F32::width floats (4, 8 or 16). F64 — F64::width = F32::width / 2 doubles. Both have:
//   zero(), all(x); load(p), store(p): any address; loadFirst(p, n), storeFirst(p, n) with 0 ≤ n < width: touches n elements, the
//   other lanes load as 0; a + b, a − b, a * b, a / b; fma(a, b, c) = a·b + c, fnma(a, b, c) = c − a·b (one rounding where the
//   set has it, two with plain); abs, min (a < b ? a : b), max (a > b ? a : b), sqrt; differing(a, b): 1 where a ≠ b, else 0;
//   lessLanes(a, b): bit i set where a[i] < b[i]; v.sum(): over the lanes;
//   for complex numbers as (re, im) pairs of lanes: swapPairs, duplicateEven, duplicateOdd, fmaddsub(a, b, c) = a·b − c in even
//   and a·b + c in odd lanes, complexMultiply(a, b).
// F32 alone: loadHalf(p), loadHalfFirst(p, n), storeHalf(p), storeHalfFirst(p, n): IEEE binary16 (rounded to nearest, ties to
//   even); loadU8(p), loadU8First(p, n): bytes 0…255 as floats.
// F64 alone: loadFloats(p), loadFloatsFirst(p, n), storeFloats(p): F64::width floats.
// U8 — U8::width bytes (16, 32 or 64): zero(), load, loadFirst, ^, &, min, absoluteDifference, countBits.
// U32 — partial sums of bytes, in any arrangement over the lanes: zero(), a + b, addSum(U8, to), addProducts(U8, U8, to), v.sum().
// countBits(uint64_t); prefetch(p): the cache line of p; vectorRegisters: 16 or 32.
#ifndef CBIR_ISA
#error "Include <cbir/isa/avx2.h>, avx512.h, neon.h or plain.h instead."
#endif

namespace cbir::CBIR_ISA {

CBIR_INLINE void prefetch(const void* p) { __builtin_prefetch(p); }

template <class V>
CBIR_INLINE V complexMultiply(V a, V b) {
  return fmaddsub(duplicateEven(a), b, duplicateOdd(a) * swapPairs(b));
}

CBIR_INLINE F32 loadHalfFirst(const uint16_t* p, size_t n) {
  uint16_t x[F32::width] = {};
  std::memcpy(x, p, n * sizeof(uint16_t));
  return F32::loadHalf(x);
}
CBIR_INLINE void storeHalfFirst(F32 v, uint16_t* p, size_t n) {
  uint16_t x[F32::width];
  v.storeHalf(x);
  std::memcpy(p, x, n * sizeof(uint16_t));
}
CBIR_INLINE F32 loadU8First(const uint8_t* p, size_t n) {
  uint8_t x[F32::width] = {};
  std::memcpy(x, p, n);
  return F32::loadU8(x);
}

// The terms of core's sums over coordinates: add(a, b, to) for F32 and F64. Where a = b = 0 they add 0, so a short last vector
// may be filled up with zeros.
struct SquaredDifference {
  template <class V>
  static CBIR_INLINE V add(V a, V b, V to) {
    const V d = a - b;
    return fma(d, d, to);
  }
};
struct Product {
  template <class V>
  static CBIR_INLINE V add(V a, V b, V to) {
    return fma(a, b, to);
  }
};
struct AbsoluteDifference {
  template <class V>
  static CBIR_INLINE V add(V a, V b, V to) {
    return to + abs(a - b);
  }
};
struct Minimum {
  template <class V>
  static CBIR_INLINE V add(V a, V b, V to) {
    return to + min(a, b);
  }
};
struct Differing {
  template <class V>
  static CBIR_INLINE V add(V a, V b, V to) {
    return to + differing(a, b);
  }
};

// How coordinates are stored, read as a vector V.
struct Floats {
  using Element = float;
  using V = F32;
  static CBIR_INLINE F32 load(const float* p) { return F32::load(p); }
  static CBIR_INLINE F32 loadFirst(const float* p, size_t n) { return F32::loadFirst(p, n); }
};
struct Halves {
  using Element = uint16_t;
  using V = F32;
  static CBIR_INLINE F32 load(const uint16_t* p) { return F32::loadHalf(p); }
  static CBIR_INLINE F32 loadFirst(const uint16_t* p, size_t n) { return loadHalfFirst(p, n); }
};
struct Doubled {
  using Element = float;
  using V = F64;
  static CBIR_INLINE F64 load(const float* p) { return F64::loadFloats(p); }
  static CBIR_INLINE F64 loadFirst(const float* p, size_t n) { return F64::loadFloatsFirst(p, n); }
};

// Σ Term(a[i], b[i]) for i < n, in four independent vectors of partial sums (an FMA takes four cycles). Reads nothing beyond n.
template <class Term, class A, class B>
CBIR_INLINE auto sumOf(const typename A::Element* a, const typename B::Element* b, size_t n) {
  using V = typename A::V;
  constexpr size_t w = V::width;
  V s0 = V::zero(), s1 = s0, s2 = s0, s3 = s0;
  size_t i = 0;
  for (; i + 4 * w <= n; i += 4 * w) {
    s0 = Term::add(A::load(a + i), B::load(b + i), s0);
    s1 = Term::add(A::load(a + i + w), B::load(b + i + w), s1);
    s2 = Term::add(A::load(a + i + 2 * w), B::load(b + i + 2 * w), s2);
    s3 = Term::add(A::load(a + i + 3 * w), B::load(b + i + 3 * w), s3);
  }
  if (i + 2 * w <= n) {
    s0 = Term::add(A::load(a + i), B::load(b + i), s0);
    s1 = Term::add(A::load(a + i + w), B::load(b + i + w), s1);
    i += 2 * w;
  }
  if (i + w <= n) {
    s2 = Term::add(A::load(a + i), B::load(b + i), s2);
    i += w;
  }
  if (i < n) s3 = Term::add(A::loadFirst(a + i, n - i), B::loadFirst(b + i, n - i), s3);
  return ((s0 + s1) + (s2 + s3)).sum();
}

// The terms of sums over bytes.
struct SquaredDifferenceU8 {
  static CBIR_INLINE U32 add(U8 a, U8 b, U32 to) {
    const U8 d = absoluteDifference(a, b);
    return addProducts(d, d, to);
  }
};
struct ProductU8 {
  static CBIR_INLINE U32 add(U8 a, U8 b, U32 to) { return addProducts(a, b, to); }
};
struct AbsoluteDifferenceU8 {
  static CBIR_INLINE U32 add(U8 a, U8 b, U32 to) { return addSum(absoluteDifference(a, b), to); }
};
struct MinimumU8 {
  static CBIR_INLINE U32 add(U8 a, U8 b, U32 to) { return addSum(min(a, b), to); }
};
struct DifferingBits {
  static CBIR_INLINE U32 add(U8 a, U8 b, U32 to) { return addSum(countBits(a ^ b), to); }
};

// Σ Term(a[i], b[i]) over n bytes, modulo 2³² (exact for n ≤ maxByteDimensions). Reads nothing beyond n.
template <class Term>
CBIR_INLINE uint32_t sumOfBytes(const uint8_t* a, const uint8_t* b, size_t n) {
  constexpr size_t w = U8::width;
  U32 s0 = U32::zero(), s1 = s0;
  size_t i = 0;
  for (; i + 2 * w <= n; i += 2 * w) {
    s0 = Term::add(U8::load(a + i), U8::load(b + i), s0);
    s1 = Term::add(U8::load(a + i + w), U8::load(b + i + w), s1);
  }
  if (i + w <= n) {
    s0 = Term::add(U8::load(a + i), U8::load(b + i), s0);
    i += w;
  }
  if (i < n) s1 = Term::add(U8::loadFirst(a + i, n - i), U8::loadFirst(b + i, n - i), s1);
  return (s0 + s1).sum();
}

}  // namespace cbir::CBIR_ISA
