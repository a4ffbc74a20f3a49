// Vectors in the compiler's own notation for the platform's baseline (SSE2 on x86-64, NEON on AArch64, loops elsewhere): 4 floats,
// 2 doubles, 16 bytes. No intrinsics. What the operations mean is in <cbir/simd.h>.
#ifdef CBIR_ISA
#error "One instruction set per source file."
#endif
#define CBIR_ISA plain
#define CBIR_ISA_PLAIN 1

#include <cbir/isa/begin.h>

namespace cbir::plain {

constexpr size_t vectorRegisters = CBIR_ARM64 ? 32 : 16;

typedef float Float4 __attribute__((vector_size(16)));
typedef int32_t Int4 __attribute__((vector_size(16)));
typedef uint32_t Uint4 __attribute__((vector_size(16)));
typedef double Double2 __attribute__((vector_size(16)));
typedef int64_t Long2 __attribute__((vector_size(16)));
typedef uint16_t Half4 __attribute__((vector_size(8)));
typedef uint16_t Half8 __attribute__((vector_size(16)));
typedef uint8_t Byte16 __attribute__((vector_size(16)));

// binary16 from floats, rounded to nearest, ties to even; ±infinity from 65520 on; a NaN made quiet.
CBIR_INLINE Half4 halvesOf(Float4 x) {
  const Uint4 bits = reinterpret_cast<Uint4>(x);
  const Uint4 size = bits & 0x7fffffffu;
  // Below 2⁻¹⁴: the unit in the last place of ½ is that of binary16's subnormals, so this addition does the rounding.
  const Uint4 small = reinterpret_cast<Uint4>(reinterpret_cast<Float4>(size) + 0.5f) - 0x3f000000u;
  const Uint4 normal = (size + 0xfffu + ((size >> 13) & 1u) - 0x38000000u) >> 13;
  const Uint4 nan = 0x7e00u | ((size >> 13) & 0x3ffu);
  const Uint4 infinity = Uint4{} + 0x7c00u;
  const Uint4 finite = size < 0x38800000u ? small : normal;
  const Uint4 number = size >= 0x477ff000u ? infinity : finite;
  const Uint4 half = size > 0x7f800000u ? nan : number;
  return __builtin_convertvector(half | ((bits >> 16) & 0x8000u), Half4);
}

// The floats that binary16 bits stand for; exact. A NaN is made quiet.
CBIR_INLINE Float4 floatsOf(Half4 halves) {
  const Uint4 half = __builtin_convertvector(halves, Uint4);
  const Uint4 exponent = half & 0x7c00u;
  const Uint4 size = (half & 0x7fffu) << 13;
  // A subnormal is m · 2⁻²⁴ = (1 + m/2¹⁰ − 1) · 2⁻¹⁴.
  const Uint4 small = reinterpret_cast<Uint4>(reinterpret_cast<Float4>(size + 0x38800000u) - 0x1p-14f);
  const Uint4 special = (size + 0x70000000u) | ((half & 0x3ffu) != 0 ? Uint4{} + 0x400000u : Uint4{});
  const Uint4 number = exponent == 0 ? small : size + 0x38000000u;
  const Uint4 bits = exponent == 0x7c00u ? special : number;
  return reinterpret_cast<Float4>(bits | ((half & 0x8000u) << 16));
}

struct F32 {
  static constexpr size_t width = 4;
  Float4 v;

  static CBIR_INLINE F32 zero() { return {Float4{}}; }
  static CBIR_INLINE F32 all(float x) { return {Float4{x, x, x, x}}; }
  static CBIR_INLINE F32 load(const float* p) {
    F32 r;
    std::memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static CBIR_INLINE F32 loadFirst(const float* p, size_t n) {
    F32 r = zero();
    std::memcpy(&r.v, p, n * sizeof(float));
    return r;
  }
  static CBIR_INLINE F32 loadHalf(const uint16_t* p) {
    Half4 halves;
    std::memcpy(&halves, p, sizeof halves);
    return {floatsOf(halves)};
  }
  static CBIR_INLINE F32 loadU8(const uint8_t* p) {
    return {Float4{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2]), static_cast<float>(p[3])}};
  }
  CBIR_INLINE void store(float* p) const { std::memcpy(p, &v, sizeof v); }
  CBIR_INLINE void storeFirst(float* p, size_t n) const { std::memcpy(p, &v, n * sizeof(float)); }
  CBIR_INLINE void storeHalf(uint16_t* p) const {
    const Half4 halves = halvesOf(v);
    std::memcpy(p, &halves, sizeof halves);
  }
  CBIR_INLINE float sum() const { return (v[0] + v[2]) + (v[1] + v[3]); }
};
CBIR_INLINE F32 operator+(F32 a, F32 b) { return {a.v + b.v}; }
CBIR_INLINE F32 operator-(F32 a, F32 b) { return {a.v - b.v}; }
CBIR_INLINE F32 operator*(F32 a, F32 b) { return {a.v * b.v}; }
CBIR_INLINE F32 operator/(F32 a, F32 b) { return {a.v / b.v}; }
CBIR_INLINE F32 fma(F32 a, F32 b, F32 c) { return {a.v * b.v + c.v}; }
CBIR_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {c.v - a.v * b.v}; }
CBIR_INLINE F32 fmaddsub(F32 a, F32 b, F32 c) { return {a.v * b.v + c.v * Float4{-1, 1, -1, 1}}; }
CBIR_INLINE F32 abs(F32 a) { return {reinterpret_cast<Float4>(reinterpret_cast<Int4>(a.v) & 0x7fffffff)}; }
CBIR_INLINE F32 min(F32 a, F32 b) { return {a.v < b.v ? a.v : b.v}; }
CBIR_INLINE F32 max(F32 a, F32 b) { return {a.v > b.v ? a.v : b.v}; }
CBIR_INLINE F32 sqrt(F32 a) {
  return {Float4{__builtin_sqrtf(a.v[0]), __builtin_sqrtf(a.v[1]), __builtin_sqrtf(a.v[2]), __builtin_sqrtf(a.v[3])}};
}
CBIR_INLINE F32 differing(F32 a, F32 b) { return {a.v != b.v ? Float4{1, 1, 1, 1} : Float4{}}; }
CBIR_INLINE uint32_t lessLanes(F32 a, F32 b) {
  const Int4 less = a.v < b.v;
  return static_cast<uint32_t>((less[0] & 1) | (less[1] & 2) | (less[2] & 4) | (less[3] & 8));
}
CBIR_INLINE F32 swapPairs(F32 a) { return {Float4{a.v[1], a.v[0], a.v[3], a.v[2]}}; }
CBIR_INLINE F32 duplicateEven(F32 a) { return {Float4{a.v[0], a.v[0], a.v[2], a.v[2]}}; }
CBIR_INLINE F32 duplicateOdd(F32 a) { return {Float4{a.v[1], a.v[1], a.v[3], a.v[3]}}; }

struct F64 {
  static constexpr size_t width = 2;
  Double2 v;

  static CBIR_INLINE F64 zero() { return {Double2{}}; }
  static CBIR_INLINE F64 all(double x) { return {Double2{x, x}}; }
  static CBIR_INLINE F64 load(const double* p) {
    F64 r;
    std::memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static CBIR_INLINE F64 loadFirst(const double* p, size_t n) {
    F64 r = zero();
    std::memcpy(&r.v, p, n * sizeof(double));
    return r;
  }
  static CBIR_INLINE F64 loadFloats(const float* p) {
    float x[2];
    std::memcpy(x, p, sizeof x);
    return {Double2{x[0], x[1]}};
  }
  static CBIR_INLINE F64 loadFloatsFirst(const float* p, size_t n) {
    float x[2] = {};
    std::memcpy(x, p, n * sizeof(float));
    return {Double2{x[0], x[1]}};
  }
  CBIR_INLINE void store(double* p) const { std::memcpy(p, &v, sizeof v); }
  CBIR_INLINE void storeFirst(double* p, size_t n) const { std::memcpy(p, &v, n * sizeof(double)); }
  CBIR_INLINE void storeFloats(float* p) const {
    const float x[2] = {static_cast<float>(v[0]), static_cast<float>(v[1])};
    std::memcpy(p, x, sizeof x);
  }
  CBIR_INLINE double sum() const { return v[0] + v[1]; }
};
CBIR_INLINE F64 operator+(F64 a, F64 b) { return {a.v + b.v}; }
CBIR_INLINE F64 operator-(F64 a, F64 b) { return {a.v - b.v}; }
CBIR_INLINE F64 operator*(F64 a, F64 b) { return {a.v * b.v}; }
CBIR_INLINE F64 operator/(F64 a, F64 b) { return {a.v / b.v}; }
CBIR_INLINE F64 fma(F64 a, F64 b, F64 c) { return {a.v * b.v + c.v}; }
CBIR_INLINE F64 fnma(F64 a, F64 b, F64 c) { return {c.v - a.v * b.v}; }
CBIR_INLINE F64 fmaddsub(F64 a, F64 b, F64 c) { return {a.v * b.v + c.v * Double2{-1, 1}}; }
CBIR_INLINE F64 abs(F64 a) { return {reinterpret_cast<Double2>(reinterpret_cast<Long2>(a.v) & 0x7fffffffffffffff)}; }
CBIR_INLINE F64 min(F64 a, F64 b) { return {a.v < b.v ? a.v : b.v}; }
CBIR_INLINE F64 max(F64 a, F64 b) { return {a.v > b.v ? a.v : b.v}; }
CBIR_INLINE F64 sqrt(F64 a) { return {Double2{__builtin_sqrt(a.v[0]), __builtin_sqrt(a.v[1])}}; }
CBIR_INLINE F64 differing(F64 a, F64 b) { return {a.v != b.v ? Double2{1, 1} : Double2{}}; }
CBIR_INLINE uint32_t lessLanes(F64 a, F64 b) {
  const Long2 less = a.v < b.v;
  return static_cast<uint32_t>((less[0] & 1) | (less[1] & 2));
}
CBIR_INLINE F64 swapPairs(F64 a) { return {Double2{a.v[1], a.v[0]}}; }
CBIR_INLINE F64 duplicateEven(F64 a) { return {Double2{a.v[0], a.v[0]}}; }
CBIR_INLINE F64 duplicateOdd(F64 a) { return {Double2{a.v[1], a.v[1]}}; }

struct U32 {
  static constexpr size_t width = 4;
  Uint4 v;

  static CBIR_INLINE U32 zero() { return {Uint4{}}; }
  CBIR_INLINE uint32_t sum() const { return v[0] + v[1] + v[2] + v[3]; }
};
CBIR_INLINE U32 operator+(U32 a, U32 b) { return {a.v + b.v}; }

struct U8 {
  static constexpr size_t width = 16;
  Byte16 v;

  static CBIR_INLINE U8 zero() { return {Byte16{}}; }
  static CBIR_INLINE U8 load(const void* p) {
    U8 r;
    std::memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static CBIR_INLINE U8 loadFirst(const void* p, size_t n) {
    const Bytes16 bytes = firstUpTo16(p, n);
    return load(&bytes);
  }
};
CBIR_INLINE U8 operator^(U8 a, U8 b) { return {a.v ^ b.v}; }
CBIR_INLINE U8 operator&(U8 a, U8 b) { return {a.v & b.v}; }
CBIR_INLINE U8 min(U8 a, U8 b) { return {a.v < b.v ? a.v : b.v}; }
CBIR_INLINE U8 absoluteDifference(U8 a, U8 b) { return {a.v < b.v ? b.v - a.v : a.v - b.v}; }
CBIR_INLINE U8 countBits(U8 a) {
  const Byte16 twos = a.v - ((a.v >> 1) & 0x55);
  const Byte16 nibbles = (twos & 0x33) + ((twos >> 2) & 0x33);
  return {(nibbles + (nibbles >> 4)) & 15};
}
// Sums of neighbours: 16-bit lanes into 32-bit ones.
CBIR_INLINE Uint4 pairs(Half8 v) {
  const Uint4 both = reinterpret_cast<Uint4>(v);
  return (both & 0xffffu) + (both >> 16);
}
CBIR_INLINE U32 addSum(U8 a, U32 to) {
  const Half8 v = reinterpret_cast<Half8>(a.v);
  return {to.v + pairs((v & 0xff) + (v >> 8))};
}
CBIR_INLINE U32 addProducts(U8 a, U8 b, U32 to) {
  const Half8 v = reinterpret_cast<Half8>(a.v);
  const Half8 w = reinterpret_cast<Half8>(b.v);
  return {to.v + pairs((v & 0xff) * (w & 0xff)) + pairs((v >> 8) * (w >> 8))};
}
CBIR_INLINE uint32_t countBits(uint64_t word) {
  word -= (word >> 1) & 0x5555555555555555u;
  word = (word & 0x3333333333333333u) + ((word >> 2) & 0x3333333333333333u);
  word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return static_cast<uint32_t>((word * 0x0101010101010101u) >> 56);
}

}  // namespace cbir::plain

#include <cbir/simd.h>
