// The inner loop of resampling as WebAssembly SIMD: weighted sums of doubles, for many outputs. It has no allocator: whoever calls lays out the memory
// from __heap_base on. src/resample/plain-convolution.ts does the same, in the same order of sums, so that both give equal numbers.
#include <stddef.h>
#include <stdint.h>

namespace {

typedef double Double2 __attribute__((vector_size(16)));

inline Double2 load(const double* p) {
  Double2 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

// Four products more in each of N sums, from `at` taps on: `even` takes taps 0 and 1 of every four, `odd` taps 2 and 3.
template <int N>
inline void four(const double* weights, const double* const* from, size_t at, Double2* even, Double2* odd) {
  const Double2 first = load(weights + at);
  const Double2 second = load(weights + at + 2);
  for (int n = 0; n < N; n++) {
    even[n] += first * load(from[n] + at);
    odd[n] += second * load(from[n] + at + 2);
  }
}

// Sums of `taps` products (an even number) for N outputs of one phase, whose inputs lie `stride` apart. The four parts of each sum do not wait for each
// other, and the outputs share the loads of the weights.
template <int N>
inline void sums(const double* weights, size_t taps, const double* input, size_t stride, float* output, size_t step) {
  const double* from[N];
  for (int n = 0; n < N; n++) from[n] = input + n * stride;
  Double2 even[N] = {};
  Double2 odd[N] = {};
  size_t i = 0;
  const auto moveOn = [&](size_t count) {
    weights += count;
    for (int n = 0; n < N; n++) from[n] += count;
    i += count;
  };
  while (i + 8 <= taps) {
    four<N>(weights, from, 0, even, odd);
    four<N>(weights, from, 4, even, odd);
    moveOn(8);
  }
  if (i + 4 <= taps) {
    four<N>(weights, from, 0, even, odd);
    moveOn(4);
  }
  if (i < taps) {
    const Double2 last = load(weights);
    for (int n = 0; n < N; n++) even[n] += last * load(from[n]);
  }
  for (int n = 0; n < N; n++) output[n * step] = static_cast<float>((even[n][0] + even[n][1]) + (odd[n][0] + odd[n][1]));
}

}  // namespace

// `count` outputs of a change of rate by up / down. Row p of `weights` (up × taps) is that of phase p. Output 0 has phase `phase` and reads input from
// `input` on; from one output to the next the place moves on by down / up.
extern "C" __attribute__((export_name("convolve"))) void convolve(const double* weights, size_t taps, size_t up, size_t down, size_t phase,
                                                                  const double* input, size_t count, float* output) {
  const size_t whole = down / up;
  const size_t rest = down % up;
  for (size_t m = 0; m < up && m < count; m++) {
    const double* row = weights + phase * taps;
    const double* from = input;
    size_t o = m;
    for (; o < count && count - o > 2 * up; o += 3 * up, from += 3 * down) sums<3>(row, taps, from, down, output + o, up);
    for (; o < count; o += up, from += down) sums<1>(row, taps, from, down, output + o, up);
    input += whole;
    phase += rest;
    if (phase >= up) {
      phase -= up;
      input++;
    }
  }
}
