// The kernels as WebAssembly: the same sources as the addon's, and the functions that the TypeScript side calls. It has no allocator: whoever calls lays
// out the memory from __heap_base on. `single`: plans and scratch are in floats.
#include "dsp_kernels.h"
#include "isa_wasm.h"

#include "plan.inc"

#include "lanes.kernel.inc"
#include "passes.kernel.inc"
#include "frames.kernel.inc"
#include "rows.kernel.inc"
#include "levels.kernel.inc"

#define CBIR_EXPORT(name) extern "C" __attribute__((export_name(#name)))

using namespace cbir::dsp;
using cbir::wasm::F32;
using cbir::wasm::F64;
namespace kernels = cbir::dsp::wasm;

using Doubles64 = Plan<double>;
using Floats32 = Plan<float>;

namespace {

template <class T>
size_t bytesOfPlan(size_t n) {
  Arena count(nullptr);
  layOutPlan<T>(count, n);
  return count.used();
}

}  // namespace

// Bytes that a plan takes; then the plan, at a multiple of 64.
CBIR_EXPORT(planBytes) size_t planBytes(size_t n, bool single) { return single ? bytesOfPlan<float>(n) : bytesOfPlan<double>(n); }
CBIR_EXPORT(makePlan) void makePlan(void* at, size_t n, bool single) {
  Arena arena(at);
  if (single) layOutPlan<float>(arena, n);
  else layOutPlan<double>(arena, n);
}
CBIR_EXPORT(scratchBytes) size_t scratchBytes(const void* plan, bool single, size_t filterRows) {
  return single ? kernels::scratchBytes<F32>(*static_cast<const Floats32*>(plan), filterRows)
                : kernels::scratchBytes<F64>(*static_cast<const Doubles64*>(plan), filterRows);
}
CBIR_EXPORT(finishPlan) void finishPlan(void* plan, bool single, void* scratch) {
  if (single) kernels::finishPlan<F32>(*static_cast<Floats32*>(plan), scratch);
  else kernels::finishPlan<F64>(*static_cast<Doubles64*>(plan), scratch);
}

// `count` frames from `samples` on. `columns`: 0 for the layout of frames, else frames from one value to the next.
CBIR_EXPORT(frames) void frames(const void* plan, bool single, const void* samples, bool doubles, size_t hop, size_t count, const double* window, uint32_t value,
            size_t filterRows, const uint32_t* firstBins, const uint32_t* offsets, const double* weights, size_t columns, float* out, void* scratch) {
  const Filters filters = {filterRows, firstBins, offsets, weights};
  const Frames job = {samples, doubles, hop, window, static_cast<BinValue>(value), filterRows == 0 ? nullptr : &filters, columns};
  if (single) kernels::frames<F32>(*static_cast<const Floats32*>(plan), job, 0, count, out, scratch);
  else kernels::frames<F64>(*static_cast<const Doubles64*>(plan), job, 0, count, out, scratch);
}

// Samples [begin, end), counted from the beginning of the first of the given frames. `sums`: 2 · (end − begin) doubles.
CBIR_EXPORT(overlapAdd) void overlapAdd(const void* plan, bool single, const float* spectrum, size_t frameCount, size_t hop, const double* window, size_t begin,
                size_t end, float* out, double* sums, void* scratch) {
  const Overlap job = {spectrum, frameCount, hop, window};
  if (single) kernels::overlapAdd<F32>(*static_cast<const Floats32*>(plan), job, begin, end, out, sums, scratch);
  else kernels::overlapAdd<F64>(*static_cast<const Doubles64*>(plan), job, begin, end, out, sums, scratch);
}

CBIR_EXPORT(rows) void rows(const void* plan, bool single, const double* in, size_t count, bool inverse, double* out, void* scratch) {
  if (single) {
    const Floats32& of = *static_cast<const Floats32*>(plan);
    if (inverse) kernels::inverse<F32>(of, in, count, out, scratch);
    else kernels::forward<F32>(of, in, count, out, scratch);
  } else {
    const Doubles64& of = *static_cast<const Doubles64*>(plan);
    if (inverse) kernels::inverse<F64>(of, in, count, out, scratch);
    else kernels::forward<F64>(of, in, count, out, scratch);
  }
}

CBIR_EXPORT(firstNotFinite) size_t firstNotFinite(const void* values, bool doubles, size_t count) {
  return kernels::firstNotFinite(values, doubles, count);
}
CBIR_EXPORT(maximum) float maximum(const float* values, size_t count) { return kernels::maximum(values, count); }
CBIR_EXPORT(decibels) void decibels(const float* values, size_t count, double amin, double reference, double floor, bool squared, float* out) {
  kernels::decibels(values, count, amin, reference, floor, squared, out);
}
CBIR_EXPORT(product) void product(const float* in, size_t count, const double* matrix, size_t inner, size_t outer, float* out, size_t rowStep,
                size_t sumStep) {
  kernels::product(in, count, matrix, inner, outer, out, rowStep, sumStep);
}
