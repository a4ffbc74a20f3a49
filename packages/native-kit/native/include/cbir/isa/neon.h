// Vectors of NEON on AArch64: 4 floats, 2 doubles, 16 bytes. What the operations mean is in <cbir/simd.h>.
#ifdef CBIR_ISA
#error "One instruction set per source file."
#endif
#define CBIR_ISA neon
#include <arm_neon.h>

#include <cbir/isa/begin.h>

namespace cbir::neon {

constexpr size_t vectorRegisters = 32;

struct F32 {
  static constexpr size_t width = 4;
  float32x4_t v;

  static CBIR_INLINE F32 zero() { return {vdupq_n_f32(0)}; }
  static CBIR_INLINE F32 all(float x) { return {vdupq_n_f32(x)}; }
  // Through bytes: the type of the address promises an alignment that a mapped file has not.
  static CBIR_INLINE F32 load(const float* p) {
    return {vreinterpretq_f32_u8(vld1q_u8(reinterpret_cast<const uint8_t*>(p)))};
  }
  static CBIR_INLINE F32 loadFirst(const float* p, size_t n) {
    alignas(16) float x[4] = {};
    std::memcpy(x, p, n * sizeof(float));
    return {vld1q_f32(x)};
  }
  static CBIR_INLINE F32 loadHalf(const uint16_t* p) {
    return {vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(reinterpret_cast<const uint8_t*>(p))))};
  }
  static CBIR_INLINE F32 loadU8(const uint8_t* p) {
    uint32_t bytes;
    std::memcpy(&bytes, p, 4);
    const uint16x8_t wide = vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(bytes)));
    return {vcvtq_f32_u32(vmovl_u16(vget_low_u16(wide)))};
  }
  CBIR_INLINE void store(float* p) const { vst1q_u8(reinterpret_cast<uint8_t*>(p), vreinterpretq_u8_f32(v)); }
  CBIR_INLINE void storeFirst(float* p, size_t n) const {
    alignas(16) float x[4];
    vst1q_f32(x, v);
    std::memcpy(p, x, n * sizeof(float));
  }
  CBIR_INLINE void storeHalf(uint16_t* p) const {
    vst1_u8(reinterpret_cast<uint8_t*>(p), vreinterpret_u8_f16(vcvt_f16_f32(v)));
  }
  CBIR_INLINE float sum() const { return vaddvq_f32(v); }
};
CBIR_INLINE F32 operator+(F32 a, F32 b) { return {vaddq_f32(a.v, b.v)}; }
CBIR_INLINE F32 operator-(F32 a, F32 b) { return {vsubq_f32(a.v, b.v)}; }
CBIR_INLINE F32 operator*(F32 a, F32 b) { return {vmulq_f32(a.v, b.v)}; }
CBIR_INLINE F32 operator/(F32 a, F32 b) { return {vdivq_f32(a.v, b.v)}; }
CBIR_INLINE F32 fma(F32 a, F32 b, F32 c) { return {vfmaq_f32(c.v, a.v, b.v)}; }
CBIR_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {vfmsq_f32(c.v, a.v, b.v)}; }
CBIR_INLINE F32 abs(F32 a) { return {vabsq_f32(a.v)}; }
CBIR_INLINE F32 min(F32 a, F32 b) { return {vbslq_f32(vcltq_f32(a.v, b.v), a.v, b.v)}; }
CBIR_INLINE F32 max(F32 a, F32 b) { return {vbslq_f32(vcgtq_f32(a.v, b.v), a.v, b.v)}; }
CBIR_INLINE F32 sqrt(F32 a) { return {vsqrtq_f32(a.v)}; }
CBIR_INLINE F32 differing(F32 a, F32 b) { return {vbslq_f32(vceqq_f32(a.v, b.v), vdupq_n_f32(0), vdupq_n_f32(1))}; }
CBIR_INLINE uint32_t lessLanes(F32 a, F32 b) {
  const uint32x4_t bit = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32(vcltq_f32(a.v, b.v), bit));
}
CBIR_INLINE F32 swapPairs(F32 a) { return {vrev64q_f32(a.v)}; }
CBIR_INLINE F32 duplicateEven(F32 a) { return {vtrn1q_f32(a.v, a.v)}; }
CBIR_INLINE F32 duplicateOdd(F32 a) { return {vtrn2q_f32(a.v, a.v)}; }
CBIR_INLINE F32 fmaddsub(F32 a, F32 b, F32 c) {
  const float32x4_t sign = {-1, 1, -1, 1};
  return {vfmaq_f32(vmulq_f32(c.v, sign), a.v, b.v)};
}

struct F64 {
  static constexpr size_t width = 2;
  float64x2_t v;

  static CBIR_INLINE F64 zero() { return {vdupq_n_f64(0)}; }
  static CBIR_INLINE F64 all(double x) { return {vdupq_n_f64(x)}; }
  static CBIR_INLINE F64 load(const double* p) {
    return {vreinterpretq_f64_u8(vld1q_u8(reinterpret_cast<const uint8_t*>(p)))};
  }
  static CBIR_INLINE F64 loadFirst(const double* p, size_t n) {
    alignas(16) double x[2] = {};
    std::memcpy(x, p, n * sizeof(double));
    return {vld1q_f64(x)};
  }
  static CBIR_INLINE F64 loadFloats(const float* p) {
    return {vcvt_f64_f32(vreinterpret_f32_u8(vld1_u8(reinterpret_cast<const uint8_t*>(p))))};
  }
  static CBIR_INLINE F64 loadFloatsFirst(const float* p, size_t n) {
    alignas(8) float x[2] = {};
    std::memcpy(x, p, n * sizeof(float));
    return loadFloats(x);
  }
  CBIR_INLINE void store(double* p) const { vst1q_u8(reinterpret_cast<uint8_t*>(p), vreinterpretq_u8_f64(v)); }
  CBIR_INLINE void storeFirst(double* p, size_t n) const {
    alignas(16) double x[2];
    vst1q_f64(x, v);
    std::memcpy(p, x, n * sizeof(double));
  }
  CBIR_INLINE void storeFloats(float* p) const {
    vst1_u8(reinterpret_cast<uint8_t*>(p), vreinterpret_u8_f32(vcvt_f32_f64(v)));
  }
  CBIR_INLINE double sum() const { return vaddvq_f64(v); }
};
CBIR_INLINE F64 operator+(F64 a, F64 b) { return {vaddq_f64(a.v, b.v)}; }
CBIR_INLINE F64 operator-(F64 a, F64 b) { return {vsubq_f64(a.v, b.v)}; }
CBIR_INLINE F64 operator*(F64 a, F64 b) { return {vmulq_f64(a.v, b.v)}; }
CBIR_INLINE F64 operator/(F64 a, F64 b) { return {vdivq_f64(a.v, b.v)}; }
CBIR_INLINE F64 fma(F64 a, F64 b, F64 c) { return {vfmaq_f64(c.v, a.v, b.v)}; }
CBIR_INLINE F64 fnma(F64 a, F64 b, F64 c) { return {vfmsq_f64(c.v, a.v, b.v)}; }
CBIR_INLINE F64 abs(F64 a) { return {vabsq_f64(a.v)}; }
CBIR_INLINE F64 min(F64 a, F64 b) { return {vbslq_f64(vcltq_f64(a.v, b.v), a.v, b.v)}; }
CBIR_INLINE F64 max(F64 a, F64 b) { return {vbslq_f64(vcgtq_f64(a.v, b.v), a.v, b.v)}; }
CBIR_INLINE F64 sqrt(F64 a) { return {vsqrtq_f64(a.v)}; }
CBIR_INLINE F64 differing(F64 a, F64 b) { return {vbslq_f64(vceqq_f64(a.v, b.v), vdupq_n_f64(0), vdupq_n_f64(1))}; }
CBIR_INLINE uint32_t lessLanes(F64 a, F64 b) {
  const uint64x2_t bit = {1, 2};
  return static_cast<uint32_t>(vaddvq_u64(vandq_u64(vcltq_f64(a.v, b.v), bit)));
}
CBIR_INLINE F64 swapPairs(F64 a) { return {vextq_f64(a.v, a.v, 1)}; }
CBIR_INLINE F64 duplicateEven(F64 a) { return {vdupq_laneq_f64(a.v, 0)}; }
CBIR_INLINE F64 duplicateOdd(F64 a) { return {vdupq_laneq_f64(a.v, 1)}; }
CBIR_INLINE F64 fmaddsub(F64 a, F64 b, F64 c) {
  const float64x2_t sign = {-1, 1};
  return {vfmaq_f64(vmulq_f64(c.v, sign), a.v, b.v)};
}

struct U32 {
  static constexpr size_t width = 4;
  uint32x4_t v;

  static CBIR_INLINE U32 zero() { return {vdupq_n_u32(0)}; }
  CBIR_INLINE uint32_t sum() const { return vaddvq_u32(v); }
};
CBIR_INLINE U32 operator+(U32 a, U32 b) { return {vaddq_u32(a.v, b.v)}; }

struct U8 {
  static constexpr size_t width = 16;
  uint8x16_t v;

  static CBIR_INLINE U8 zero() { return {vdupq_n_u8(0)}; }
  static CBIR_INLINE U8 load(const void* p) { return {vld1q_u8(static_cast<const uint8_t*>(p))}; }
  static CBIR_INLINE U8 loadFirst(const void* p, size_t n) {
    const Bytes16 bytes = firstUpTo16(p, n);
    return {vcombine_u8(vcreate_u8(bytes.low), vcreate_u8(bytes.high))};
  }
};
CBIR_INLINE U8 operator^(U8 a, U8 b) { return {veorq_u8(a.v, b.v)}; }
CBIR_INLINE U8 operator&(U8 a, U8 b) { return {vandq_u8(a.v, b.v)}; }
CBIR_INLINE U8 min(U8 a, U8 b) { return {vminq_u8(a.v, b.v)}; }
CBIR_INLINE U8 absoluteDifference(U8 a, U8 b) { return {vabdq_u8(a.v, b.v)}; }
CBIR_INLINE U8 countBits(U8 a) { return {vcntq_u8(a.v)}; }
CBIR_INLINE U32 addSum(U8 a, U32 to) { return {vpadalq_u16(to.v, vpaddlq_u8(a.v))}; }
CBIR_INLINE U32 addProducts(U8 a, U8 b, U32 to) {
  const uint16x8_t low = vmull_u8(vget_low_u8(a.v), vget_low_u8(b.v));
  const uint16x8_t high = vmull_high_u8(a.v, b.v);
  return {vpadalq_u16(vpadalq_u16(to.v, low), high)};
}
CBIR_INLINE uint32_t countBits(uint64_t word) { return vaddv_u8(vcnt_u8(vcreate_u8(word))); }

}  // namespace cbir::neon

#include <cbir/simd.h>
