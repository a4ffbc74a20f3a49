// The N-API side of the flat index: arguments in, answers out. All work is done by Rows and Search.
#include <cbir/addon.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rows.h"
#include "scan_kernels.h"
#include "search.h"

using namespace cbir;
using flat::Question;
using flat::Rows;
using flat::Search;

namespace {

// Numbers that one thread copies in a piece: some tenths of a millisecond, codes included.
constexpr size_t copyNumbers = size_t{1} << 15;

struct State {
  State(Metric metric, flat::Storage storage, size_t dimensions, size_t blockBytes, Isa isa)
      : rows(metric, storage, dimensions, blockBytes), kernels(flat::scanKernels(isa)) {}

  Rows rows;
  const flat::ScanKernels& kernels;
};

size_t copyGrain(const Rows& rows) { return std::max<size_t>(1, copyNumbers / rows.dimensions()); }

// create({ metric, storage, dimensions, blockBytes?, instructionSet? }) → handle
Napi::Value create(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw Error("INVALID_ARGUMENT", "The settings of an index were expected.");
  const Napi::Object given = info[0].As<Napi::Object>();
  const size_t dimensions = size(given.Get("dimensions"));
  if (dimensions == 0 || dimensions > (size_t{1} << 31)) throw Error("INVALID_ARGUMENT", "Vectors have 1 to 2^31 dimensions.");
  const Napi::Value blockBytes = given.Get("blockBytes");
  auto state = std::make_shared<State>(metricOf(text(given.Get("metric"))), flat::storageOf(text(given.Get("storage"))), dimensions,
                                       blockBytes.IsUndefined() ? Rows::defaultBlockBytes : size(blockBytes),
                                       instructionSet(given.Get("instructionSet")));
  return wrap(info.Env(), state);
}

// A number of vectors: small enough that times the dimensions it is still a number.
size_t countOf(Napi::Value value) {
  const size_t count = size(value);
  if (count > UINT32_MAX) throw Error("INVALID_ARGUMENT", "A call takes up to 2^32 − 1 vectors.");
  return count;
}

// append(handle, vectors, count, following, now, control): after the last row; `following` more are known to come
Napi::Value append(const Napi::CallbackInfo& info) {
  const auto state = unwrap<State>(info[0]);
  const size_t count = countOf(info[2]);
  const bool now = flag(info[4]);
  Rows& rows = state->rows;
  const Floats vectors = floats(info[1], count * rows.dimensions(), !now);
  const size_t first = rows.count();
  if (first + count > UINT32_MAX) throw Error("INVALID_ARGUMENT", "An index holds up to 2^32 − 1 rows.");
  rows.reserve(std::min<size_t>(first + count + std::min<size_t>(size(info[3]), UINT32_MAX), UINT32_MAX));
  const auto put = [state, vectors, first](size_t begin, size_t end, unsigned) {
    for (size_t i = begin; i < end; i++) state->rows.put(first + i, vectors.data + i * state->rows.dimensions());
  };
  const auto commit = [state, first, count](Napi::Env env) -> Napi::Value {
    state->rows.commit(first + count);
    return env.Undefined();
  };
  return parallel(info.Env(), control(info[5]), now, count, copyGrain(rows), put, commit);
}

// account(handle, complete): for the garbage collector, what is behind it
Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], static_cast<int64_t>(unwrap<State>(info[0])->rows.bytes()), flag(info[1]));
  return info.Env().Undefined();
}

// overwrite(handle, rows, vectors, now)
Napi::Value overwrite(const Napi::CallbackInfo& info) {
  const auto state = unwrap<State>(info[0]);
  const bool now = flag(info[3]);
  if (!info[1].IsTypedArray()) throw Error("INVALID_ARGUMENT", "An array of rows was expected.");
  const size_t count = info[1].As<Napi::TypedArray>().ElementLength();
  const Uints32 places = uints32(info[1], count, !now);
  const Floats vectors = floats(info[2], count * state->rows.dimensions(), !now);
  for (size_t i = 0; i < count; i++) {
    if (places.data[i] >= state->rows.count()) throw Error("INVALID_ARGUMENT", "There is no row " + std::to_string(places.data[i]) + ".");
  }
  const auto put = [state, places, vectors](size_t begin, size_t end, unsigned) {
    for (size_t i = begin; i < end; i++) state->rows.put(places.data[i], vectors.data + i * state->rows.dimensions());
  };
  return parallel(info.Env(), nullptr, now, count, copyGrain(state->rows), put, [](Napi::Env env) -> Napi::Value { return env.Undefined(); });
}

// Everything that a call of search or within needs until it is over.
struct Asked {
  std::shared_ptr<State> state;
  Floats queries;
  Bytes allow;
  std::unique_ptr<Search> search;
  std::atomic<size_t> done{0};
};

// Arguments 0 … 2 and 4 … 6 are the same for both: handle, queries, count, …, allow | undefined, now, control.
Napi::Value ask(const Napi::CallbackInfo& info, Question question) {
  auto asked = std::make_shared<Asked>();
  asked->state = unwrap<State>(info[0]);
  const Rows& rows = asked->state->rows;
  question.count = countOf(info[2]);
  const bool now = flag(info[5]);
  asked->queries = floats(info[1], question.count * rows.dimensions(), !now);
  question.queries = asked->queries.data;
  if (!info[4].IsUndefined()) {
    asked->allow = bytes(info[4], !now);
    if (asked->allow.length < (rows.count() + 7) / 8) throw Error("INVALID_ARGUMENT", "The filter has fewer bits than there are rows.");
    question.allow = asked->allow.data;
  }
  const std::shared_ptr<Control> by = control(info[6]);
  asked->search = std::make_unique<Search>(rows, question, asked->state->kernels, now ? 1 : poolThreads());
  const size_t pieces = asked->search->pieces();
  const size_t total = rows.count();
  // A single scan is short pieces: two at a time spare half of the visits to the pool.
  const size_t grain = question.count == 1 ? 2 : 1;
  const auto run = [asked, by, pieces, total](size_t begin, size_t end, unsigned worker) {
    asked->search->run(begin, end, worker);
    const size_t done = asked->done.fetch_add(end - begin) + (end - begin);
    if (by) by->progress(done == pieces ? total : total * done / pieces, total);
  };
  if (now) {
    return parallel(info.Env(), by, true, pieces, grain, run,
                    [asked](Napi::Env env) { return toShortAnswer(env, asked->search->take()); });
  }
  auto found = std::make_shared<Neighbours>();
  return parallel(
      info.Env(), by, false, pieces, grain, run, [found](Napi::Env env) { return toRowNeighbours(env, std::move(*found)); },
      [asked, found] { *found = asked->search->take(); });
}

// search(handle, queries, count, k, allow | undefined, now, control) → { rows, distances, offsets }, or a short answer
Napi::Value search(const Napi::CallbackInfo& info) {
  Question question;
  question.k = std::min(size(info[3]), unwrap<State>(info[0])->rows.count());
  if (question.k == 0) throw Error("INVALID_ARGUMENT", "At least one neighbour of at least one row must be asked for.");
  return ask(info, question);
}

// within(handle, queries, count, radius, allow | undefined, now, control) → { rows, distances, offsets }, or a short answer
Napi::Value within(const Napi::CallbackInfo& info) {
  Question question;
  question.ranged = true;
  question.radius = number(info[3]);
  return ask(info, question);
}

// rows(handle, first, count) → Float32Array
Napi::Value rowsOf(const Napi::CallbackInfo& info) {
  const auto state = unwrap<State>(info[0]);
  const size_t first = size(info[1]);
  const size_t count = size(info[2]);
  const size_t there = state->rows.count();
  if (first > there || count > there - first) throw Error("INVALID_ARGUMENT", "There are " + std::to_string(there) + " rows only.");
  std::vector<float> copied(count * state->rows.dimensions());
  state->rows.copyTo(first, count, copied.data());
  return toFloat32Array(info.Env(), std::move(copied));
}

// count(handle) → rows
Napi::Value count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(unwrap<State>(info[0])->rows.count()));
}

void init(Napi::Env, Napi::Object exports) {
  method<create>(exports, "create");
  method<append>(exports, "append");
  method<account>(exports, "account");
  method<overwrite>(exports, "overwrite");
  method<search>(exports, "search");
  method<within>(exports, "within");
  method<rowsOf>(exports, "rows");
  method<count>(exports, "count");
}

}  // namespace

CBIR_ADDON(init)
