// Vectors of WebAssembly SIMD under the names of the kit's <cbir/simd.h>, as far as the kernels here use them. Included in place of <cbir/isa/….h>.
#pragma once
#define CBIR_ISA wasm
#include <stddef.h>
#include <stdint.h>

#define CBIR_INLINE inline __attribute__((always_inline))

namespace cbir::wasm {

typedef float Float4 __attribute__((vector_size(16)));
typedef double Double2 __attribute__((vector_size(16)));

struct F32 {
  static constexpr size_t width = 4;
  Float4 v;
  static CBIR_INLINE F32 zero() { return {Float4{}}; }
  static CBIR_INLINE F32 all(float x) { return {Float4{x, x, x, x}}; }
  static CBIR_INLINE F32 load(const float* p) {
    F32 r;
    __builtin_memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  CBIR_INLINE void store(float* p) const { __builtin_memcpy(p, &v, sizeof v); }
};
CBIR_INLINE F32 operator+(F32 a, F32 b) { return {a.v + b.v}; }
CBIR_INLINE F32 operator-(F32 a, F32 b) { return {a.v - b.v}; }
CBIR_INLINE F32 operator*(F32 a, F32 b) { return {a.v * b.v}; }
CBIR_INLINE F32 fma(F32 a, F32 b, F32 c) { return {a.v * b.v + c.v}; }
CBIR_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {c.v - a.v * b.v}; }
CBIR_INLINE F32 max(F32 a, F32 b) { return {a.v > b.v ? a.v : b.v}; }
CBIR_INLINE F32 sqrt(F32 a) { return {Float4{__builtin_sqrtf(a.v[0]), __builtin_sqrtf(a.v[1]), __builtin_sqrtf(a.v[2]), __builtin_sqrtf(a.v[3])}}; }

struct F64 {
  static constexpr size_t width = 2;
  Double2 v;
  static CBIR_INLINE F64 zero() { return {Double2{}}; }
  static CBIR_INLINE F64 all(double x) { return {Double2{x, x}}; }
  static CBIR_INLINE F64 load(const double* p) {
    F64 r;
    __builtin_memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static CBIR_INLINE F64 loadFloats(const float* p) { return {Double2{p[0], p[1]}}; }
  CBIR_INLINE void store(double* p) const { __builtin_memcpy(p, &v, sizeof v); }
  CBIR_INLINE void storeFloats(float* p) const {
    p[0] = static_cast<float>(v[0]);
    p[1] = static_cast<float>(v[1]);
  }
  CBIR_INLINE double sum() const { return v[0] + v[1]; }
};
CBIR_INLINE F64 operator+(F64 a, F64 b) { return {a.v + b.v}; }
CBIR_INLINE F64 operator-(F64 a, F64 b) { return {a.v - b.v}; }
CBIR_INLINE F64 operator*(F64 a, F64 b) { return {a.v * b.v}; }
CBIR_INLINE F64 operator/(F64 a, F64 b) { return {a.v / b.v}; }
CBIR_INLINE F64 fma(F64 a, F64 b, F64 c) { return {a.v * b.v + c.v}; }
CBIR_INLINE F64 fnma(F64 a, F64 b, F64 c) { return {c.v - a.v * b.v}; }
CBIR_INLINE F64 max(F64 a, F64 b) { return {a.v > b.v ? a.v : b.v}; }
CBIR_INLINE F64 sqrt(F64 a) { return {Double2{__builtin_sqrt(a.v[0]), __builtin_sqrt(a.v[1])}}; }

}  // namespace cbir::wasm
