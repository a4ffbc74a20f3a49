// The kernels of transforms: one table per instruction set, one half of it in doubles and one in floats.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "plan.h"

namespace cbir::dsp {

enum class BinValue : uint32_t { complex, magnitude, power };

// A filter bank: row r has the weights [offsets[r], offsets[r + 1]) for the bins from firstBins[r] on.
struct Filters {
  size_t rows;
  const uint32_t* firstBins;
  const uint32_t* offsets;
  const double* weights;
};

// Frames of a signal: frame t is samples[t · hop … + n), times the window.
struct Frames {
  // Of float, or of double.
  const void* samples;
  bool doubles;
  size_t hop;
  // n doubles.
  const double* window;
  BinValue value;
  // Null, or what the values of the bins go through.
  const Filters* filters;
  // 0: a frame's values stand together. Else a value's frames do, and this is how many frames there are from one value to the next.
  size_t columns;
};

// Inverse transforms of complex64 spectra, windowed, and added where they overlap.
struct Overlap {
  // frames × (n/2 + 1) pairs.
  const float* spectrum;
  size_t frames;
  size_t hop;
  const double* window;
};

// Transforms in numbers of one type. `scratch`: scratchBytes(plan) bytes at a multiple of 64, of this call alone.
template <class T>
struct Transforms {
  // Frames that are transformed at once: a stretch of frames is best a multiple of it.
  size_t (*together)(const Plan<T>& plan);
  // filterRows: rows of the filter bank, 0 for none.
  size_t (*scratchBytes)(const Plan<T>& plan, size_t filterRows);
  // Makes the transform of the chirp. For a plan that was just laid out.
  void (*finishPlan)(Plan<T>& plan, void* scratch);
  // Frames [begin, end) to `out`, which is the place of frame `begin`.
  void (*frames)(const Plan<T>& plan, const Frames& job, size_t begin, size_t end, float* out, void* scratch);
  // Samples [begin, end) of the sum, counted from the beginning of frame 0, to `out`, which is the place of sample `begin`. Divided by the sum of the
  // squared windows where that is not 0. `sums`: 2 · (end − begin) doubles.
  void (*overlapAdd)(const Plan<T>& plan, const Overlap& job, size_t begin, size_t end, float* out, double* sums, void* scratch);
  // Rows of n doubles to rows of n/2 + 1 pairs, and back (divided by n).
  void (*forward)(const Plan<T>& plan, const double* rows, size_t count, double* out, void* scratch);
  void (*inverse)(const Plan<T>& plan, const double* rows, size_t count, double* out, void* scratch);
};

struct Kernels {
  Transforms<double> f64;
  Transforms<float> f32;
  // The place of the first number that is NaN or infinite; count where there is none.
  size_t (*firstNotFinite)(const void* values, bool doubles, size_t count);
  float (*maximum)(const float* values, size_t count);
  // out = max(floor, 10·log₁₀ max(amin, x) − reference), of x² where `squared`. amin: a normal number.
  void (*decibels)(const float* values, size_t count, double amin, double reference, double floor, bool squared, float* out);
  // rows (count × inner) times the transpose of matrix (outer × inner), summed in double: sum o of row r to out[r · rowStep + o · sumStep].
  void (*product)(const float* rows, size_t count, const double* matrix, size_t inner, size_t outer, float* out, size_t rowStep, size_t sumStep);
};

}  // namespace cbir::dsp
