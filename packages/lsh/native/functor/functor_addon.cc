// The N-API side of training and hashing: arguments in, answers out.
#include "functor_addon.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cbir/addon.h>

#include "itq.h"
#include "projection.h"

namespace cbir::lsh {

namespace {

// Multiplications of a range of rows that are hashed: some tenths of a millisecond.
constexpr size_t rangeWork = size_t{1} << 21;

Napi::Object settingsOf(Napi::Value value) {
  if (!value.IsObject()) throw Error("INVALID_ARGUMENT", "Settings were expected.");
  return value.As<Napi::Object>();
}

size_t between(Napi::Value value, size_t least, size_t most, const char* what) {
  const size_t given = size(value);
  if (given >= least && given <= most) return given;
  throw Error("INVALID_ARGUMENT",
              std::string(what) + " must be " + std::to_string(least) + " to " + std::to_string(most) + ".");
}

size_t dimensionsOf(const Napi::Object& given) {
  return between(given.Get("dimensions"), 1, size_t{1} << 30, "dimensions");
}
size_t bitsOf(const Napi::Object& given) { return between(given.Get("bits"), 1, maxBits, "bits"); }

const FunctorKernels& kernelsOf(const Napi::Object& given) {
  return functorKernels(instructionSet(given.Get("instructionSet")));
}

Norm normOf(const std::string& name) {
  if (name == "none") return Norm::none;
  if (name == "l1") return Norm::l1;
  if (name == "l2") return Norm::l2;
  throw Error("INVALID_ARGUMENT", "The norm is none, l1 or l2.");
}

std::vector<double> copied(const Doubles& given) { return std::vector<double>(given.data, given.data + given.length); }

struct Training {
  std::vector<Floats> blocks;
  SampleRows sample;
  ItqSettings settings;
  ItqModel model;
};

// trainItq({ blocks, rowsPerBlock, rows, dimensions, bits, iterations, start, basis?, instructionSet? }, control) →
//   { matrix, thresholds, losses }
Napi::Value trainItqOf(const Napi::CallbackInfo& info) {
  const Napi::Object given = settingsOf(info[0]);
  auto training = std::make_shared<Training>();
  SampleRows& sample = training->sample;
  sample.dimensions = dimensionsOf(given);
  sample.rows = between(given.Get("rows"), 1, UINT32_MAX, "rows");
  sample.rowsPerBlock = between(given.Get("rowsPerBlock"), 1, UINT32_MAX, "rowsPerBlock");
  ItqSettings& settings = training->settings;
  settings.bits = bitsOf(given);
  if (settings.bits > sample.dimensions)
    throw Error("DIMENSION_MISMATCH", "ITQ makes no more bits than there are dimensions.");
  settings.iterations = between(given.Get("iterations"), 0, UINT32_MAX, "iterations");
  settings.start = copied(doubles(given.Get("start"), settings.bits * settings.bits, false));
  const Napi::Value basis = given.Get("basis");
  if (!basis.IsUndefined()) settings.basis = copied(doubles(basis, settings.bits * sample.dimensions, false));
  const FunctorKernels& kernels = kernelsOf(given);
  const Napi::Object blocks = settingsOf(given.Get("blocks"));
  for (size_t row = 0; row < sample.rows; row += sample.rowsPerBlock) {
    const size_t count = std::min(sample.rowsPerBlock, sample.rows - row);
    training->blocks.push_back(
        floats(blocks.Get(static_cast<uint32_t>(training->blocks.size())), count * sample.dimensions));
    sample.blocks.push_back(training->blocks.back().data);
  }
  return background(
      info.Env(), control(info[1]),
      [training, &kernels](Task& task) {
        training->model = trainItq(training->sample, training->settings, kernels, task);
      },
      [training](Napi::Env env) -> Napi::Value {
        ItqModel& model = training->model;
        Napi::Object answer = Napi::Object::New(env);
        answer.Set("matrix", toFloat32Array(env, std::move(model.matrix)));
        answer.Set("thresholds", toFloat64Array(env, std::move(model.thresholds)));
        answer.Set("losses", toFloat64Array(env, std::move(model.losses)));
        return answer;
      });
}

// createProjection({ dimensions, bits, norm, instructionSet? }, matrix, thresholds) → handle
Napi::Value createProjection(const Napi::CallbackInfo& info) {
  const Napi::Object given = settingsOf(info[0]);
  const size_t dimensions = dimensionsOf(given);
  const size_t bits = bitsOf(given);
  const Floats matrix = floats(info[1], dimensions * bits, false);
  const Doubles thresholds = doubles(info[2], bits, false);
  auto projection = std::make_shared<Projection>(dimensions, bits, matrix.data, thresholds.data,
                                                 normOf(text(given.Get("norm"))), kernelsOf(given));
  return wrap(info.Env(), projection, static_cast<int64_t>(projection->bytes()));
}

// hash(handle, vectors, count, codes, now, control): writes the codes
Napi::Value hash(const Napi::CallbackInfo& info) {
  const auto projection = unwrap<Projection>(info[0]);
  const size_t count = between(info[2], 0, UINT32_MAX, "count");
  const bool now = flag(info[4]);
  const Floats vectors = floats(info[1], count * projection->dimensions(), !now);
  const Bytes codes = bytes(info[3], !now);
  if (codes.length != count * projection->stride())
    throw Error("INVALID_ARGUMENT", "The codes take another number of bytes.");
  // A private array of the caller, which nobody else reads or writes until the call is over.
  auto* to = const_cast<uint8_t*>(codes.data);
  if (now) {
    projection->hash(vectors.data, count, to);
    return info.Env().Undefined();
  }
  const std::shared_ptr<Control> by = control(info[5]);
  const size_t grain = std::max<size_t>(4, rangeWork / (projection->dimensions() * projection->stride() * 8));
  return parallel(
      info.Env(), by, false, count, grain,
      [projection, vectors, codes, to](size_t begin, size_t end, unsigned) {
        projection->hash(vectors.data + begin * projection->dimensions(), end - begin,
                         to + begin * projection->stride());
      },
      [](Napi::Env env) -> Napi::Value { return env.Undefined(); });
}

}  // namespace

void initFunctors(Napi::Env, Napi::Object exports) {
  method<trainItqOf>(exports, "trainItq");
  method<createProjection>(exports, "createProjection");
  method<hash>(exports, "hash");
}

}  // namespace cbir::lsh
