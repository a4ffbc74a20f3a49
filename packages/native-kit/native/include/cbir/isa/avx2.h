// Vectors of AVX2 with FMA, F16C and POPCNT: 8 floats, 4 doubles, 32 bytes. What the operations mean is in <cbir/simd.h>.
#ifdef CBIR_ISA
#error "One instruction set per source file."
#endif
#define CBIR_ISA avx2
#include <immintrin.h>

#include <cbir/isa/begin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,popcnt")
#endif

namespace cbir::avx2 {

constexpr size_t vectorRegisters = 16;

// Eight times −1, then eight times 0: from 8 − n on it is the mask of the first n lanes.
alignas(64) static const int32_t firstLanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

struct F32 {
  static constexpr size_t width = 8;
  __m256 v;

  static CBIR_INLINE F32 zero() { return {_mm256_setzero_ps()}; }
  static CBIR_INLINE F32 all(float x) { return {_mm256_set1_ps(x)}; }
  static CBIR_INLINE F32 load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static CBIR_INLINE F32 loadFirst(const float* p, size_t n) { return {_mm256_maskload_ps(p, maskOf(n))}; }
  static CBIR_INLINE F32 loadHalf(const uint16_t* p) {
    return {_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))};
  }
  static CBIR_INLINE F32 loadU8(const uint8_t* p) {
    return {_mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))))};
  }
  CBIR_INLINE void store(float* p) const { _mm256_storeu_ps(p, v); }
  CBIR_INLINE void storeFirst(float* p, size_t n) const { _mm256_maskstore_ps(p, maskOf(n), v); }
  CBIR_INLINE void storeHalf(uint16_t* p) const {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  }
  CBIR_INLINE float sum() const {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
  }

  static CBIR_INLINE __m256i maskOf(size_t n) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(firstLanes + 8 - n));
  }
};
CBIR_INLINE F32 operator+(F32 a, F32 b) { return {_mm256_add_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator-(F32 a, F32 b) { return {_mm256_sub_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator*(F32 a, F32 b) { return {_mm256_mul_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator/(F32 a, F32 b) { return {_mm256_div_ps(a.v, b.v)}; }
CBIR_INLINE F32 fma(F32 a, F32 b, F32 c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {_mm256_fnmadd_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 fmaddsub(F32 a, F32 b, F32 c) { return {_mm256_fmaddsub_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 abs(F32 a) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0f), a.v)}; }
CBIR_INLINE F32 min(F32 a, F32 b) { return {_mm256_min_ps(a.v, b.v)}; }
CBIR_INLINE F32 max(F32 a, F32 b) { return {_mm256_max_ps(a.v, b.v)}; }
CBIR_INLINE F32 sqrt(F32 a) { return {_mm256_sqrt_ps(a.v)}; }
CBIR_INLINE F32 differing(F32 a, F32 b) {
  return {_mm256_and_ps(_mm256_cmp_ps(a.v, b.v, _CMP_NEQ_UQ), _mm256_set1_ps(1.0f))};
}
CBIR_INLINE uint32_t lessLanes(F32 a, F32 b) {
  return static_cast<uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)));
}
CBIR_INLINE F32 swapPairs(F32 a) { return {_mm256_permute_ps(a.v, 0xB1)}; }
CBIR_INLINE F32 duplicateEven(F32 a) { return {_mm256_moveldup_ps(a.v)}; }
CBIR_INLINE F32 duplicateOdd(F32 a) { return {_mm256_movehdup_ps(a.v)}; }

struct F64 {
  static constexpr size_t width = 4;
  __m256d v;

  static CBIR_INLINE F64 zero() { return {_mm256_setzero_pd()}; }
  static CBIR_INLINE F64 all(double x) { return {_mm256_set1_pd(x)}; }
  static CBIR_INLINE F64 load(const double* p) { return {_mm256_loadu_pd(p)}; }
  static CBIR_INLINE F64 loadFirst(const double* p, size_t n) {
    return {_mm256_maskload_pd(p, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(F32::maskOf(n))))};
  }
  static CBIR_INLINE F64 loadFloats(const float* p) { return {_mm256_cvtps_pd(_mm_loadu_ps(p))}; }
  static CBIR_INLINE F64 loadFloatsFirst(const float* p, size_t n) {
    return {_mm256_cvtps_pd(_mm_maskload_ps(p, _mm256_castsi256_si128(F32::maskOf(n))))};
  }
  CBIR_INLINE void store(double* p) const { _mm256_storeu_pd(p, v); }
  CBIR_INLINE void storeFirst(double* p, size_t n) const {
    _mm256_maskstore_pd(p, _mm256_cvtepi32_epi64(_mm256_castsi256_si128(F32::maskOf(n))), v);
  }
  CBIR_INLINE void storeFloats(float* p) const { _mm_storeu_ps(p, _mm256_cvtpd_ps(v)); }
  CBIR_INLINE double sum() const {
    const __m128d s = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(s, _mm_unpackhi_pd(s, s)));
  }
};
CBIR_INLINE F64 operator+(F64 a, F64 b) { return {_mm256_add_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator-(F64 a, F64 b) { return {_mm256_sub_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator*(F64 a, F64 b) { return {_mm256_mul_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator/(F64 a, F64 b) { return {_mm256_div_pd(a.v, b.v)}; }
CBIR_INLINE F64 fma(F64 a, F64 b, F64 c) { return {_mm256_fmadd_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 fnma(F64 a, F64 b, F64 c) { return {_mm256_fnmadd_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 fmaddsub(F64 a, F64 b, F64 c) { return {_mm256_fmaddsub_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 abs(F64 a) { return {_mm256_andnot_pd(_mm256_set1_pd(-0.0), a.v)}; }
CBIR_INLINE F64 min(F64 a, F64 b) { return {_mm256_min_pd(a.v, b.v)}; }
CBIR_INLINE F64 max(F64 a, F64 b) { return {_mm256_max_pd(a.v, b.v)}; }
CBIR_INLINE F64 sqrt(F64 a) { return {_mm256_sqrt_pd(a.v)}; }
CBIR_INLINE F64 differing(F64 a, F64 b) {
  return {_mm256_and_pd(_mm256_cmp_pd(a.v, b.v, _CMP_NEQ_UQ), _mm256_set1_pd(1.0))};
}
CBIR_INLINE uint32_t lessLanes(F64 a, F64 b) {
  return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)));
}
CBIR_INLINE F64 swapPairs(F64 a) { return {_mm256_permute_pd(a.v, 0x5)}; }
CBIR_INLINE F64 duplicateEven(F64 a) { return {_mm256_movedup_pd(a.v)}; }
CBIR_INLINE F64 duplicateOdd(F64 a) { return {_mm256_permute_pd(a.v, 0xF)}; }

struct U32 {
  static constexpr size_t width = 8;
  __m256i v;

  static CBIR_INLINE U32 zero() { return {_mm256_setzero_si256()}; }
  CBIR_INLINE uint32_t sum() const {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(s));
  }
};
CBIR_INLINE U32 operator+(U32 a, U32 b) { return {_mm256_add_epi32(a.v, b.v)}; }

struct U8 {
  static constexpr size_t width = 32;
  __m256i v;

  static CBIR_INLINE U8 zero() { return {_mm256_setzero_si256()}; }
  static CBIR_INLINE U8 load(const void* p) { return {_mm256_loadu_si256(static_cast<const __m256i*>(p))}; }
  static CBIR_INLINE U8 loadFirst(const void* p, size_t n) {
    if (n < 16) return {_mm256_zextsi128_si256(first16(p, n))};
    const __m128i low = _mm_loadu_si128(static_cast<const __m128i*>(p));
    return {_mm256_inserti128_si256(_mm256_castsi128_si256(low), first16(static_cast<const uint8_t*>(p) + 16, n - 16), 1)};
  }

  static CBIR_INLINE __m128i first16(const void* p, size_t n) {
    const Bytes16 bytes = firstUpTo16(p, n);
    return _mm_set_epi64x(static_cast<int64_t>(bytes.high), static_cast<int64_t>(bytes.low));
  }
};
CBIR_INLINE U8 operator^(U8 a, U8 b) { return {_mm256_xor_si256(a.v, b.v)}; }
CBIR_INLINE U8 operator&(U8 a, U8 b) { return {_mm256_and_si256(a.v, b.v)}; }
CBIR_INLINE U8 min(U8 a, U8 b) { return {_mm256_min_epu8(a.v, b.v)}; }
CBIR_INLINE U8 absoluteDifference(U8 a, U8 b) {
  return {_mm256_sub_epi8(_mm256_max_epu8(a.v, b.v), _mm256_min_epu8(a.v, b.v))};
}
CBIR_INLINE U8 countBits(U8 a) {
  const __m256i counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                          0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15);
  return {_mm256_add_epi8(_mm256_shuffle_epi8(counts, _mm256_and_si256(a.v, low)),
                          _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(a.v, 4), low)))};
}
CBIR_INLINE U32 addSum(U8 a, U32 to) { return {_mm256_add_epi32(to.v, _mm256_sad_epu8(a.v, _mm256_setzero_si256()))}; }
CBIR_INLINE U32 addProducts(U8 a, U8 b, U32 to) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi8(a.v, zero), _mm256_unpacklo_epi8(b.v, zero));
  const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi8(a.v, zero), _mm256_unpackhi_epi8(b.v, zero));
  return {_mm256_add_epi32(to.v, _mm256_add_epi32(low, high))};
}
CBIR_INLINE uint32_t countBits(uint64_t word) { return static_cast<uint32_t>(__builtin_popcountll(word)); }

}  // namespace cbir::avx2

#include <cbir/simd.h>
