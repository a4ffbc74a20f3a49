// The addon of the kit's own tests: one function for each thing that an addon can ask of the kit.

#include <cbir/addon.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <numeric>
#include <stdexcept>
#include <thread>

namespace {

using namespace cbir;

struct Counter {
  std::vector<float> values;
};
struct Other {};

/// hold(Float32Array) → handle
Napi::Value hold(const Napi::CallbackInfo& info) {
  const size_t length = size(info[1]);
  const Floats values = floats(info[0], length, false);
  auto counter = std::make_shared<Counter>();
  counter->values.assign(values.data, values.data + values.length);
  return wrap(info.Env(), counter, static_cast<int64_t>(length * sizeof(float)));
}

Napi::Value holdOther(const Napi::CallbackInfo& info) { return wrap(info.Env(), std::make_shared<Other>()); }

/// sum(handle, now, control, grain) → sum of the values
Napi::Value sum(const Napi::CallbackInfo& info) {
  const auto counter = unwrap<Counter>(info[0]);
  auto total = std::make_shared<std::vector<double>>(poolThreads(), 0.0);
  return parallel(
      info.Env(), control(info[2]), flag(info[1]), counter->values.size(), size(info[3]),
      [counter, total](size_t begin, size_t end, unsigned worker) {
        double part = 0;
        for (size_t i = begin; i < end; i++) part += counter->values[i];
        (*total)[worker] += part;
      },
      [total](Napi::Env env) { return Napi::Number::New(env, std::accumulate(total->begin(), total->end(), 0.0)); });
}

/// fail(kind, now): throws what `kind` names, on the pool or at once
Napi::Value fail(const Napi::CallbackInfo& info) {
  const std::string kind = text(info[0]);
  return parallel(
      info.Env(), nullptr, flag(info[1]), 8, 1,
      [kind](size_t begin, size_t, unsigned) {
        if (begin != 5 && begin != 0) return;
        if (kind == "typed") throw Error("CORRUPT_DATA", "This is damaged.");
        if (kind == "standard") throw std::runtime_error("a standard exception");
        if (kind == "memory") throw std::bad_alloc();
        throw 42;
      },
      [](Napi::Env env) { return env.Undefined(); });
}

/// steps(count, milliseconds, control): sleeps `count` times on a thread of its own, feeding the pool each time
Napi::Value steps(const Napi::CallbackInfo& info) {
  const size_t count = size(info[0]);
  const auto pause = std::chrono::milliseconds(size(info[1]));
  auto done = std::make_shared<std::atomic<size_t>>(0);
  return background(
      info.Env(), control(info[2]),
      [count, pause, done](Task& task) {
        for (size_t i = 0; i < count; i++) {
          task.throwIfAborted();
          task.parallel(4, 1, [&](size_t, size_t, unsigned) { std::this_thread::sleep_for(pause / 4); });
          *done += 1;
          task.progress(*done, count);
        }
      },
      [done](Napi::Env env) { return Napi::Number::New(env, static_cast<double>(done->load())); });
}

/// sleep(milliseconds, ranges): keeps the pool busy
Napi::Value sleep(const Napi::CallbackInfo& info) {
  const auto pause = std::chrono::milliseconds(size(info[0]));
  return parallel(
      info.Env(), control(info[2]), false, size(info[1]), 1,
      [pause](size_t, size_t, unsigned) { std::this_thread::sleep_for(pause); }, [](Napi::Env env) { return env.Undefined(); });
}

/// workers(n): which worker ran each of n ranges, and whether two ranges of one worker ever overlapped
Napi::Value workers(const Napi::CallbackInfo& info) {
  const size_t n = size(info[0]);
  auto ran = std::make_shared<std::vector<uint32_t>>(n);
  auto busy = std::make_shared<std::vector<std::atomic<int>>>(poolThreads());
  auto overlapped = std::make_shared<std::atomic<bool>>(false);
  return parallel(
      info.Env(), nullptr, false, n, 1,
      [=](size_t begin, size_t, unsigned worker) {
        if ((*busy)[worker].fetch_add(1) != 0) *overlapped = true;
        (*ran)[begin] = worker + 1;
        std::this_thread::yield();
        (*busy)[worker].fetch_sub(1);
      },
      [=](Napi::Env env) {
        Napi::Object answer = Napi::Object::New(env);
        answer.Set("ran", toUint32Array(env, std::move(*ran)));
        answer.Set("overlapped", Napi::Boolean::New(env, overlapped->load()));
        return answer;
      });
}

/// neighbours(queries, k): a made-up answer of that size
Napi::Value neighbours(const Napi::CallbackInfo& info) {
  Neighbours found = Neighbours::fixed(size(info[0]), size(info[1]));
  for (size_t i = 0; i < found.rows.size(); i++) {
    found.rows[i] = static_cast<uint32_t>(i);
    found.distances[i] = static_cast<float>(i) / 2;
  }
  return toRowNeighbours(info.Env(), std::move(found));
}

/// shortNeighbours(queries, k): the same, for a call that answers at once
Napi::Value shortNeighbours(const Napi::CallbackInfo& info) {
  Neighbours found = Neighbours::fixed(size(info[0]), size(info[1]));
  for (size_t i = 0; i < found.rows.size(); i++) {
    found.rows[i] = static_cast<uint32_t>(i);
    found.distances[i] = static_cast<float>(i) / 2;
  }
  return toShortAnswer(info.Env(), std::move(found));
}

/// shrunk(counts, k): fixed rows of `k`, of which only `counts[i]` are filled for query i
Napi::Value shrunk(const Napi::CallbackInfo& info) {
  const size_t length = size(info[2]);
  const Uints32 wanted = uints32(info[0], length, false);
  const size_t k = size(info[1]);
  Neighbours found = Neighbours::fixed(length, k);
  for (size_t i = 0; i < found.rows.size(); i++) found.rows[i] = static_cast<uint32_t>(i);
  found.shrink(std::vector<uint32_t>(wanted.data, wanted.data + length), k);
  return toRowNeighbours(info.Env(), std::move(found));
}

Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], static_cast<int64_t>(size(info[1])), info[2].IsUndefined() || flag(info[2]));
  return info.Env().Undefined();
}

/// told(): bytes outside of its heap that the garbage collector knows of
Napi::Value told(const Napi::CallbackInfo& info) {
  int64_t now = 0;
  napi_adjust_external_memory(info.Env(), 0, &now);
  return Napi::Number::New(info.Env(), static_cast<double>(now));
}

void init(Napi::Env, Napi::Object exports) {
  method<hold>(exports, "hold");
  method<holdOther>(exports, "holdOther");
  method<sum>(exports, "sum");
  method<fail>(exports, "fail");
  method<steps>(exports, "steps");
  method<sleep>(exports, "sleep");
  method<workers>(exports, "workers");
  method<neighbours>(exports, "neighbours");
  method<shortNeighbours>(exports, "shortNeighbours");
  method<shrunk>(exports, "shrunk");
  method<account>(exports, "account");
  method<told>(exports, "told");
}

}  // namespace

CBIR_ADDON(init)
