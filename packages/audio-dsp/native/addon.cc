// The N-API side of transforms: arrays in, arrays filled. Answers are written to arrays that the TypeScript side made for the call and shows to nobody
// before it is over, as what it passes in is private too.
#include <cbir/addon.h>
#include <cbir/huge_pages.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"

using namespace cbir;
using namespace cbir::dsp;

namespace {

// Numbers that one range of a loop transforms or reads: some tenths of a millisecond.
constexpr size_t rangeNumbers = size_t{1} << 18;
// The most frames that are transformed at once (two vectors of 16 floats): ranges are multiples of it.
constexpr size_t framesAtOnce = 32;
constexpr size_t maxHop = (size_t{1} << 31) - 1;

// A product of sizes that a typed array can have.
size_t times(size_t a, size_t b) {
  if (a != 0 && b > (size_t{1} << 40) / a) throw Error("INVALID_ARGUMENT", "Arrays of this size cannot be.");
  return a * b;
}

// Answers are written to arrays that belong to the call.
template <class T>
T* writable(const Borrowed<T>& array) {
  return const_cast<T*>(array.data);
}

// How a call runs: its settings' `now` and `instructionSet`, and its control.
struct Call {
  Call(const Napi::CallbackInfo& info)
      : env(info.Env()), settings(settingsOf(info[0])), now(flag(settings.Get("now"))), isa(instructionSet(settings.Get("instructionSet"))), by(control(info[1])) {}

  // Runs `body` over [0, n) and reports how far it is.
  Napi::Value run(size_t n, size_t grain, Range body) const {
    const auto done = std::make_shared<std::atomic<size_t>>(0);
    const std::shared_ptr<Control> control = by;
    return parallel(
        env, by, now, n, grain,
        [=](size_t begin, size_t end, unsigned worker) {
          body(begin, end, worker);
          if (control) control->progress(done->fetch_add(end - begin) + (end - begin), n);
        },
        [](Napi::Env of) -> Napi::Value { return of.Undefined(); });
  }
  std::shared_ptr<Scratch> scratch() const { return std::make_shared<Scratch>(now ? 1 : poolThreads()); }

  Napi::Env env;
  Napi::Object settings;
  bool now;
  Isa isa;
  std::shared_ptr<Control> by;

 private:
  static Napi::Object settingsOf(Napi::Value value) {
    if (!value.IsObject()) throw Error("INVALID_ARGUMENT", "The settings of a call were expected.");
    return value.As<Napi::Object>();
  }
};

// Everything that a call holds until it is over.
struct FramesCall {
  Frames job{};
  Filters filters{};
  Floats floats;
  Doubles doubles, window, weights;
  Uints32 firstBins, offsets;
  Floats out;
  size_t samples = 0, width = 0;
  size_t origin = 0;
};

// The filters of the settings, in bounds for `bins`.
void takeFilters(const Call& call, size_t bins, FramesCall& held) {
  const size_t rows = size(call.settings.Get("filterRows"));
  if (rows == 0) return;
  held.firstBins = uints32(call.settings.Get("firstBins"), rows, !call.now);
  held.offsets = uints32(call.settings.Get("offsets"), rows + 1, !call.now);
  held.weights = doubles(call.settings.Get("weights"), size(call.settings.Get("weightCount")), !call.now);
  for (size_t r = 0; r < rows; r++) {
    const uint32_t begin = held.offsets.data[r], end = held.offsets.data[r + 1];
    if (begin > end || end > held.weights.length || held.firstBins.data[r] > bins || end - begin > bins - held.firstBins.data[r]) {
      throw Error("INVALID_ARGUMENT", "Filter " + std::to_string(r) + " reaches beyond the bins or the weights.");
    }
  }
  held.filters = {rows, held.firstBins.data, held.offsets.data, held.weights.data};
  held.job.filters = &held.filters;
}

template <class T>
Napi::Value runFrames(const Call& call, std::shared_ptr<FramesCall> held, size_t n, size_t frameCount) {
  const auto plan = planOf<T>(call.isa, n);
  const auto scratch = call.scratch();
  const Kernels& set = kernels(call.isa);
  float* const out = writable(held->out);
  const size_t grain = std::max<size_t>(1, rangeNumbers / n / framesAtOnce) * framesAtOnce;
  return call.run(frameCount, grain, [=, &set](size_t begin, size_t end, unsigned worker) {
    // Every sample is looked at by one range: the first by the one of frame 0, and what comes after the last frame by that one's.
    const size_t from = begin * held->job.hop, to = end == frameCount ? held->samples : end * held->job.hop;
    const size_t bytes = held->job.doubles ? sizeof(double) : sizeof(float);
    const size_t bad = set.firstNotFinite(static_cast<const char*>(held->job.samples) + from * bytes, held->job.doubles, to - from);
    if (bad < to - from) {
      throw Error("NOT_FINITE", "Sample " + std::to_string(from + bad - std::min(from + bad, held->origin)) +
                                    " is NaN or ±Infinity. Replace such samples, e.g. with 0, before the transform.");
    }
    const Plan<T>& of = plan->get();
    const Transforms<T>& transforms = plan->transforms();
    void* const memory = scratch->of(worker, transforms.scratchBytes(of, held->filters.rows));
    const size_t place = held->job.columns == 0 ? held->width : held->job.value == BinValue::complex ? 2 : 1;
    transforms.frames(of, held->job, begin, end, out + begin * place, memory);
  });
}

// frames({ samples, doubles, sampleCount, origin, frames, n, hop, window, value, byBins, filterRows, …, out, single, now, instructionSet }, control)
Napi::Value frames(const Napi::CallbackInfo& info) {
  const Call call(info);
  const auto held = std::make_shared<FramesCall>();
  const Napi::Object& given = call.settings;
  const size_t n = size(given.Get("n")), frameCount = size(given.Get("frames")), value = size(given.Get("value"));
  held->job.hop = size(given.Get("hop"));
  held->samples = size(given.Get("sampleCount"));
  held->origin = size(given.Get("origin"));
  if (n < 1 || n > maxLength || held->job.hop < 1 || held->job.hop > maxHop || frameCount < 1 || value > 2) throw Error("INVALID_ARGUMENT", "No frames can be made of these settings.");
  if (held->samples < n || times(frameCount - 1, held->job.hop) > held->samples - n) throw Error("INVALID_ARGUMENT", "The frames reach beyond the samples.");
  held->job.doubles = flag(given.Get("doubles"));
  if (held->job.doubles) {
    held->doubles = doubles(given.Get("samples"), held->samples, !call.now);
    held->job.samples = held->doubles.data;
  } else {
    held->floats = floats(given.Get("samples"), held->samples, !call.now);
    held->job.samples = held->floats.data;
  }
  held->window = doubles(given.Get("window"), n, !call.now);
  held->job.window = held->window.data;
  held->job.value = static_cast<BinValue>(value);
  held->job.columns = flag(given.Get("byBins")) ? frameCount : 0;
  const size_t bins = n / 2 + 1;
  takeFilters(call, bins, *held);
  if (held->job.filters != nullptr && held->job.value == BinValue::complex) throw Error("INVALID_ARGUMENT", "Filters take magnitudes or powers.");
  held->width = held->job.filters != nullptr ? held->filters.rows : held->job.value == BinValue::complex ? 2 * bins : bins;
  held->out = floats(given.Get("out"), times(frameCount, held->width), !call.now);
  return flag(given.Get("single")) ? runFrames<float>(call, held, n, frameCount) : runFrames<double>(call, held, n, frameCount);
}

void checkFinite(const Kernels& set, const float* values, size_t begin, size_t end) {
  const size_t bad = set.firstNotFinite(values + begin, false, end - begin);
  if (bad < end - begin) throw Error("NOT_FINITE", "Value " + std::to_string(begin + bad) + " is NaN or ±Infinity.");
}

struct OverlapCall {
  Overlap job{};
  Floats spectrum, out;
  Doubles window;
};

template <class T>
Napi::Value runOverlap(const Call& call, std::shared_ptr<OverlapCall> held, size_t n, size_t start, size_t length) {
  const auto plan = planOf<T>(call.isa, n);
  const auto scratch = call.scratch();
  float* const out = writable(held->out);
  // Frames at the border of two ranges are transformed for both: ranges are long beside a frame.
  const size_t frames = std::max<size_t>(1, rangeNumbers / n / framesAtOnce) * framesAtOnce;
  const size_t grain = std::min(std::max(frames * held->job.hop, 4 * n), size_t{1} << 22);
  const Kernels& set = kernels(call.isa);
  return call.run(length, grain, [=, &set](size_t begin, size_t end, unsigned worker) {
    // The frames that reach into the range.
    const size_t from = start + begin < n ? 0 : (start + begin - n) / held->job.hop + 1;
    const size_t until = std::min((start + end - 1) / held->job.hop + 1, held->job.frames);
    const size_t numbers = 2 * (n / 2 + 1);
    if (from < until) checkFinite(set, held->job.spectrum, from * numbers, until * numbers);
    const Plan<T>& of = plan->get();
    const Transforms<T>& transforms = plan->transforms();
    void* const memory = scratch->of(worker, transforms.scratchBytes(of, 0));
    std::vector<double> sums(2 * (end - begin));
    transforms.overlapAdd(of, held->job, start + begin, start + end, out + begin, sums.data(), memory);
  });
}

// overlapAdd({ spectrum, frames, n, hop, window, start, length, out, single, now, instructionSet }, control)
Napi::Value overlapAdd(const Napi::CallbackInfo& info) {
  const Call call(info);
  const auto held = std::make_shared<OverlapCall>();
  const Napi::Object& given = call.settings;
  const size_t n = size(given.Get("n")), start = size(given.Get("start")), length = size(given.Get("length"));
  held->job.frames = size(given.Get("frames"));
  held->job.hop = size(given.Get("hop"));
  if (n < 1 || n > maxLength || held->job.hop < 1 || held->job.hop > maxHop || held->job.frames < 1 || start > maxLength) {
    throw Error("INVALID_ARGUMENT", "No frames can be made of these settings.");
  }
  times(held->job.frames, held->job.hop);
  held->spectrum = floats(given.Get("spectrum"), times(held->job.frames, 2 * (n / 2 + 1)), !call.now);
  held->window = doubles(given.Get("window"), n, !call.now);
  held->out = floats(given.Get("out"), length, !call.now);
  held->job.spectrum = held->spectrum.data;
  held->job.window = held->window.data;
  return flag(given.Get("single")) ? runOverlap<float>(call, held, n, start, length) : runOverlap<double>(call, held, n, start, length);
}

template <class T>
Napi::Value runRows(const Call& call, size_t n, size_t count, bool inverse, Doubles in, Doubles out) {
  const auto plan = planOf<T>(call.isa, n);
  const auto scratch = call.scratch();
  const size_t spectrum = 2 * (n / 2 + 1);
  double* const to = writable(out);
  const size_t grain = std::max<size_t>(1, rangeNumbers / n / framesAtOnce) * framesAtOnce;
  return call.run(count, grain, [=](size_t begin, size_t end, unsigned worker) {
    const Plan<T>& of = plan->get();
    const Transforms<T>& transforms = plan->transforms();
    void* const memory = scratch->of(worker, transforms.scratchBytes(of, 0));
    if (inverse) transforms.inverse(of, in.data + begin * spectrum, end - begin, to + begin * n, memory);
    else transforms.forward(of, in.data + begin * n, end - begin, to + begin * spectrum, memory);
    // Holds the array until here.
    (void)out;
  });
}

// rows({ rows, count, n, inverse, out, single, now, instructionSet }, control)
Napi::Value rows(const Napi::CallbackInfo& info) {
  const Call call(info);
  const Napi::Object& given = call.settings;
  const size_t n = size(given.Get("n")), count = size(given.Get("count"));
  if (n < 1 || n > maxLength) throw Error("INVALID_ARGUMENT", "No rows have this length.");
  const bool inverse = flag(given.Get("inverse"));
  const size_t spectrum = 2 * (n / 2 + 1);
  const Doubles in = doubles(given.Get("rows"), times(count, inverse ? spectrum : n), !call.now);
  const Doubles out = doubles(given.Get("out"), times(count, inverse ? n : spectrum), !call.now);
  return flag(given.Get("single")) ? runRows<float>(call, n, count, inverse, in, out) : runRows<double>(call, n, count, inverse, in, out);
}

// maximum({ values, count, now, instructionSet }, control) → the largest
Napi::Value maximum(const Napi::CallbackInfo& info) {
  const Call call(info);
  const size_t count = size(call.settings.Get("count"));
  if (count == 0) throw Error("INVALID_ARGUMENT", "Nothing has no largest value.");
  const Floats values = floats(call.settings.Get("values"), count, !call.now);
  const Kernels& set = kernels(call.isa);
  const auto best = std::make_shared<std::vector<float>>(call.now ? 1 : poolThreads(), values.data[0]);
  return parallel(
      call.env, call.by, call.now, count, rangeNumbers,
      [=, &set](size_t begin, size_t end, unsigned worker) {
        checkFinite(set, values.data, begin, end);
        (*best)[worker] = std::max((*best)[worker], set.maximum(values.data + begin, end - begin));
      },
      [best](Napi::Env env) -> Napi::Value { return Napi::Number::New(env, *std::max_element(best->begin(), best->end())); });
}

// decibels({ values, count, amin, reference, floor, squared, out, now, instructionSet }, control)
Napi::Value decibels(const Napi::CallbackInfo& info) {
  const Call call(info);
  const Napi::Object& given = call.settings;
  const size_t count = size(given.Get("count"));
  const Floats values = floats(given.Get("values"), count, !call.now), out = floats(given.Get("out"), count, !call.now);
  const double amin = number(given.Get("amin")), reference = number(given.Get("reference")), floor = number(given.Get("floor"));
  const bool squared = flag(given.Get("squared"));
  const Kernels& set = kernels(call.isa);
  float* const to = writable(out);
  return call.run(count, rangeNumbers / 4, [=, &set](size_t begin, size_t end, unsigned) {
    checkFinite(set, values.data, begin, end);
    set.decibels(values.data + begin, end - begin, amin, reference, floor, squared, to + begin);
    (void)out;
  });
}

// product({ rows, count, matrix, inner, outer, byBins, out, now, instructionSet }, control)
Napi::Value product(const Napi::CallbackInfo& info) {
  const Call call(info);
  const Napi::Object& given = call.settings;
  const size_t count = size(given.Get("count")), inner = size(given.Get("inner")), outer = size(given.Get("outer"));
  const Floats in = floats(given.Get("rows"), times(count, inner), !call.now), out = floats(given.Get("out"), times(count, outer), !call.now);
  const Doubles matrix = doubles(given.Get("matrix"), times(outer, inner), !call.now);
  if (inner == 0 || outer == 0) throw Error("INVALID_ARGUMENT", "A matrix without numbers.");
  const bool byBins = flag(given.Get("byBins"));
  const size_t rowStep = byBins ? 1 : outer, sumStep = byBins ? count : 1;
  const Kernels& set = kernels(call.isa);
  float* const to = writable(out);
  return call.run(count, std::max<size_t>(1, rangeNumbers * 2 / times(inner, outer)), [=, &set](size_t begin, size_t end, unsigned) {
    checkFinite(set, in.data, begin * inner, end * inner);
    set.product(in.data + begin * inner, end - begin, matrix.data, inner, outer, to + begin * rowStep, rowStep, sumStep);
    (void)out;
  });
}

// willFill(bytes): large memory that was just taken and is about to be written, page by page: with large pages that takes a fraction.
Napi::Value willFill(const Napi::CallbackInfo& info) {
  const Bytes memory = bytes(info[0], false);
  wantHugePages(const_cast<uint8_t*>(memory.data), memory.length);
  return info.Env().Undefined();
}

void init(Napi::Env, Napi::Object exports) {
  method<frames>(exports, "frames");
  method<overlapAdd>(exports, "overlapAdd");
  method<rows>(exports, "rows");
  method<maximum>(exports, "maximum");
  method<decibels>(exports, "decibels");
  method<product>(exports, "product");
  method<willFill>(exports, "willFill");
}

}  // namespace

CBIR_ADDON(init)
