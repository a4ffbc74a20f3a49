// Vectors of AVX-512 (F, BW, VL, DQ): 16 floats, 8 doubles, 64 bytes. What the operations mean is in <cbir/simd.h>.
#ifdef CBIR_ISA
#error "One instruction set per source file."
#endif
#define CBIR_ISA avx512
#include <immintrin.h>

#include <cbir/isa/begin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,popcnt,avx512f,avx512bw,avx512vl,avx512dq"))), \
                             apply_to = function)
#else
// GCC warns of its own _mm512_undefined_…, which is uninitialised on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#define CBIR_ISA_DIAGNOSTICS 1
#pragma GCC push_options
#pragma GCC target("avx2,fma,f16c,popcnt,avx512f,avx512bw,avx512vl,avx512dq")
#endif

namespace cbir::avx512 {

constexpr size_t vectorRegisters = 32;

struct F32 {
  static constexpr size_t width = 16;
  __m512 v;

  static CBIR_INLINE F32 zero() { return {_mm512_setzero_ps()}; }
  static CBIR_INLINE F32 all(float x) { return {_mm512_set1_ps(x)}; }
  static CBIR_INLINE F32 load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static CBIR_INLINE F32 loadFirst(const float* p, size_t n) { return {_mm512_maskz_loadu_ps(maskOf(n), p)}; }
  static CBIR_INLINE F32 loadHalf(const uint16_t* p) {
    return {_mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))};
  }
  static CBIR_INLINE F32 loadU8(const uint8_t* p) {
    return {_mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))))};
  }
  CBIR_INLINE void store(float* p) const { _mm512_storeu_ps(p, v); }
  CBIR_INLINE void storeFirst(float* p, size_t n) const { _mm512_mask_storeu_ps(p, maskOf(n), v); }
  CBIR_INLINE void storeHalf(uint16_t* p) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  }
  CBIR_INLINE float sum() const { return _mm512_reduce_add_ps(v); }

  static CBIR_INLINE __mmask16 maskOf(size_t n) { return static_cast<__mmask16>((1u << n) - 1); }
};
CBIR_INLINE F32 operator+(F32 a, F32 b) { return {_mm512_add_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator-(F32 a, F32 b) { return {_mm512_sub_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator*(F32 a, F32 b) { return {_mm512_mul_ps(a.v, b.v)}; }
CBIR_INLINE F32 operator/(F32 a, F32 b) { return {_mm512_div_ps(a.v, b.v)}; }
CBIR_INLINE F32 fma(F32 a, F32 b, F32 c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 fmaddsub(F32 a, F32 b, F32 c) { return {_mm512_fmaddsub_ps(a.v, b.v, c.v)}; }
CBIR_INLINE F32 abs(F32 a) { return {_mm512_abs_ps(a.v)}; }
CBIR_INLINE F32 min(F32 a, F32 b) { return {_mm512_min_ps(a.v, b.v)}; }
CBIR_INLINE F32 max(F32 a, F32 b) { return {_mm512_max_ps(a.v, b.v)}; }
CBIR_INLINE F32 sqrt(F32 a) { return {_mm512_sqrt_ps(a.v)}; }
CBIR_INLINE F32 differing(F32 a, F32 b) {
  return {_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_NEQ_UQ), _mm512_set1_ps(1.0f))};
}
CBIR_INLINE uint32_t lessLanes(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ); }
CBIR_INLINE F32 swapPairs(F32 a) { return {_mm512_permute_ps(a.v, 0xB1)}; }
CBIR_INLINE F32 duplicateEven(F32 a) { return {_mm512_moveldup_ps(a.v)}; }
CBIR_INLINE F32 duplicateOdd(F32 a) { return {_mm512_movehdup_ps(a.v)}; }

struct F64 {
  static constexpr size_t width = 8;
  __m512d v;

  static CBIR_INLINE F64 zero() { return {_mm512_setzero_pd()}; }
  static CBIR_INLINE F64 all(double x) { return {_mm512_set1_pd(x)}; }
  static CBIR_INLINE F64 load(const double* p) { return {_mm512_loadu_pd(p)}; }
  static CBIR_INLINE F64 loadFirst(const double* p, size_t n) { return {_mm512_maskz_loadu_pd(maskOf(n), p)}; }
  static CBIR_INLINE F64 loadFloats(const float* p) { return {_mm512_cvtps_pd(_mm256_loadu_ps(p))}; }
  static CBIR_INLINE F64 loadFloatsFirst(const float* p, size_t n) {
    return {_mm512_cvtps_pd(_mm256_maskz_loadu_ps(maskOf(n), p))};
  }
  CBIR_INLINE void store(double* p) const { _mm512_storeu_pd(p, v); }
  CBIR_INLINE void storeFirst(double* p, size_t n) const { _mm512_mask_storeu_pd(p, maskOf(n), v); }
  CBIR_INLINE void storeFloats(float* p) const { _mm256_storeu_ps(p, _mm512_cvtpd_ps(v)); }
  CBIR_INLINE double sum() const { return _mm512_reduce_add_pd(v); }

  static CBIR_INLINE __mmask8 maskOf(size_t n) { return static_cast<__mmask8>((1u << n) - 1); }
};
CBIR_INLINE F64 operator+(F64 a, F64 b) { return {_mm512_add_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator-(F64 a, F64 b) { return {_mm512_sub_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator*(F64 a, F64 b) { return {_mm512_mul_pd(a.v, b.v)}; }
CBIR_INLINE F64 operator/(F64 a, F64 b) { return {_mm512_div_pd(a.v, b.v)}; }
CBIR_INLINE F64 fma(F64 a, F64 b, F64 c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 fnma(F64 a, F64 b, F64 c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 fmaddsub(F64 a, F64 b, F64 c) { return {_mm512_fmaddsub_pd(a.v, b.v, c.v)}; }
CBIR_INLINE F64 abs(F64 a) { return {_mm512_abs_pd(a.v)}; }
CBIR_INLINE F64 min(F64 a, F64 b) { return {_mm512_min_pd(a.v, b.v)}; }
CBIR_INLINE F64 max(F64 a, F64 b) { return {_mm512_max_pd(a.v, b.v)}; }
CBIR_INLINE F64 sqrt(F64 a) { return {_mm512_sqrt_pd(a.v)}; }
CBIR_INLINE F64 differing(F64 a, F64 b) {
  return {_mm512_maskz_mov_pd(_mm512_cmp_pd_mask(a.v, b.v, _CMP_NEQ_UQ), _mm512_set1_pd(1.0))};
}
CBIR_INLINE uint32_t lessLanes(F64 a, F64 b) { return _mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ); }
CBIR_INLINE F64 swapPairs(F64 a) { return {_mm512_permute_pd(a.v, 0x55)}; }
CBIR_INLINE F64 duplicateEven(F64 a) { return {_mm512_movedup_pd(a.v)}; }
CBIR_INLINE F64 duplicateOdd(F64 a) { return {_mm512_permute_pd(a.v, 0xFF)}; }

struct U32 {
  static constexpr size_t width = 16;
  __m512i v;

  static CBIR_INLINE U32 zero() { return {_mm512_setzero_si512()}; }
  // Not _mm512_reduce_add_epi32, which ends in an addition of ints: these sums reach beyond 2³¹.
  CBIR_INLINE uint32_t sum() const {
    const __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4E));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xB1));
    return static_cast<uint32_t>(_mm_cvtsi128_si32(s));
  }
};
CBIR_INLINE U32 operator+(U32 a, U32 b) { return {_mm512_add_epi32(a.v, b.v)}; }

struct U8 {
  static constexpr size_t width = 64;
  __m512i v;

  static CBIR_INLINE U8 zero() { return {_mm512_setzero_si512()}; }
  static CBIR_INLINE U8 load(const void* p) { return {_mm512_loadu_si512(p)}; }
  static CBIR_INLINE U8 loadFirst(const void* p, size_t n) {
    return {_mm512_maskz_loadu_epi8((uint64_t{1} << n) - 1, p)};
  }
};
CBIR_INLINE U8 operator^(U8 a, U8 b) { return {_mm512_xor_si512(a.v, b.v)}; }
CBIR_INLINE U8 operator&(U8 a, U8 b) { return {_mm512_and_si512(a.v, b.v)}; }
CBIR_INLINE U8 min(U8 a, U8 b) { return {_mm512_min_epu8(a.v, b.v)}; }
CBIR_INLINE U8 absoluteDifference(U8 a, U8 b) {
  return {_mm512_sub_epi8(_mm512_max_epu8(a.v, b.v), _mm512_min_epu8(a.v, b.v))};
}
CBIR_INLINE U8 countBits(U8 a) {
  const __m512i counts =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i low = _mm512_set1_epi8(15);
  return {_mm512_add_epi8(_mm512_shuffle_epi8(counts, _mm512_and_si512(a.v, low)),
                          _mm512_shuffle_epi8(counts, _mm512_and_si512(_mm512_srli_epi16(a.v, 4), low)))};
}
CBIR_INLINE U32 addSum(U8 a, U32 to) { return {_mm512_add_epi32(to.v, _mm512_sad_epu8(a.v, _mm512_setzero_si512()))}; }
CBIR_INLINE U32 addProducts(U8 a, U8 b, U32 to) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i low = _mm512_madd_epi16(_mm512_unpacklo_epi8(a.v, zero), _mm512_unpacklo_epi8(b.v, zero));
  const __m512i high = _mm512_madd_epi16(_mm512_unpackhi_epi8(a.v, zero), _mm512_unpackhi_epi8(b.v, zero));
  return {_mm512_add_epi32(to.v, _mm512_add_epi32(low, high))};
}
CBIR_INLINE uint32_t countBits(uint64_t word) { return static_cast<uint32_t>(__builtin_popcountll(word)); }

}  // namespace cbir::avx512

#include <cbir/simd.h>
