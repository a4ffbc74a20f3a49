// Plan: what a real transform of one length needs to know: its factors and their roots of unity. The same for every instruction set.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

namespace cbir::dsp {

// One pass of Stockham's transform.
template <class T>
struct Pass {
  size_t radix;
  // (radix − 1) pairs (cos, −sin) for each of the positions of the pass, the twiddles of its outputs but the first. Of a composite radix first · second in
  // the order 0, first, 2·first …, 1, 1 + first ….
  const T* twiddles;
  // Of a prime from 7 on: its roots, radix pairs. Of a composite one: (first − 1) pairs of its own twiddles for each of second − 1 positions.
  const T* roots;
};

template <class T>
struct Plan {
  // Length of the real transform, from 1 to maxLength.
  size_t n;
  // Length of the complex transform that it is made by: n/2 where n is even (two neighbours are one complex number), n where it is odd (two rows are one).
  size_t m;
  // The transform that the passes make: m, or Bluestein's.
  size_t length;
  size_t passes;
  Pass<T> pass[32];
  // m/2 + 1 pairs: e^(−2πi·k/n), for even n.
  const T* split;
  // Where `length` is not m: m pairs e^(−πi·k²/m), and the transform of their conjugates, `length` pairs, divided by `length`.
  T* chirp;
  T* chirpSpectrum;
};

constexpr size_t maxLength = size_t{1} << 22;

// Lengths with a larger prime factor than this are transformed by Bluestein's convolution.
constexpr size_t maxOddRadix = 127;

// Lays a plan out in the arena, without the transform of the chirp, and fills it in where the arena has memory. Give it to `finishPlan` of a set of kernels.
template <class T>
Plan<T>* layOutPlan(Arena& arena, size_t n);

}  // namespace cbir::dsp
