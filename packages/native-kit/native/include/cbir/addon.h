// What the N-API side of an addon is made of: handles, arguments, calls that run on the pool, typed errors. Only addon.cc includes this.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <napi.h>

#include <cbir/cpu.h>
#include <cbir/error.h>
#include <cbir/neighbours.h>
#include <cbir/task.h>

namespace cbir {

// ---- Errors

/// The JavaScript error for what was thrown: a CbirError with the code of cbir::Error, ADAPTER_FAULT for any other exception.
Napi::Error toJavaScript(Napi::Env env, std::exception_ptr thrown);

// ---- Functions

using Method = Napi::Value (*)(const Napi::CallbackInfo&);

template <Method F>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return F(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (...) {
    throw toJavaScript(info.Env(), std::current_exception());
  }
}

/// Exports the function F; what it throws becomes a typed error. Write `method<search>(exports, "search")`.
template <Method F>
void method(Napi::Object exports, const char* name) {
  exports.Set(name, Napi::Function::New<guarded<F>>(exports.Env(), name));
}

// ---- Handles

namespace detail {
/// Its address is the identity of the type T in this addon.
template <class T>
inline char typeId;
Napi::Value wrapShared(Napi::Env env, const void* type, std::shared_ptr<void> value, int64_t bytes);
std::shared_ptr<void> unwrapShared(Napi::Value value, const void* type);
}  // namespace detail

/// An opaque object that holds `value`. `bytes`: native memory behind it, which the garbage collector is told of.
template <class T>
Napi::Value wrap(Napi::Env env, std::shared_ptr<T> value, int64_t bytes = 0) {
  return detail::wrapShared(env, &detail::typeId<T>, std::move(value), bytes);
}

/// What `wrap` put in. @throws INVALID_ARGUMENT for anything else, a handle of another type, or a closed one
template <class T>
std::shared_ptr<T> unwrap(Napi::Value value) {
  return std::static_pointer_cast<T>(detail::unwrapShared(value, &detail::typeId<T>));
}

/// Says how much native memory is behind a handle now. The garbage collector is told when that is a sixteenth more or less than what it knows, and
/// not before the value is `complete`: of memory that grows in small steps it would hear hundreds of times, and it may work for ten milliseconds
/// on the JavaScript thread each time, for nothing, as what is being filled cannot be collected.
void accountBytes(Napi::Value handle, int64_t bytes, bool complete = true);

/// Lets go of what the handle holds; tasks in flight keep theirs. A closed handle is closed again without harm.
void closeHandle(Napi::Value handle);

// ---- Arguments. Each throws INVALID_ARGUMENT where the value does not fit.

/// Elements of a JavaScript typed array, which stays referenced as long as a copy of this lives. Copies are made and dropped on the JavaScript
/// thread only; the calls below see to that. Only arrays that no caller can transfer or shrink may be borrowed: core's private copies.
template <class T>
struct Borrowed {
  const T* data = nullptr;
  size_t length = 0;
  std::shared_ptr<void> reference;
};

using Floats = Borrowed<float>;
using Doubles = Borrowed<double>;
using Uints32 = Borrowed<uint32_t>;
using Bytes = Borrowed<uint8_t>;

/// `keep` false spares the reference, for a call that is over before it returns.
Floats floats(Napi::Value value, size_t length, bool keep = true);
Doubles doubles(Napi::Value value, size_t length, bool keep = true);
Uints32 uints32(Napi::Value value, size_t length, bool keep = true);
Bytes bytes(Napi::Value value, bool keep = true);
/// An integer from 0 to 2^53.
size_t size(Napi::Value value);
double number(Napi::Value value);
bool flag(Napi::Value value);
std::string text(Napi::Value value);
/// The instruction set of that name; the one of this process for undefined.
Isa instructionSet(Napi::Value value);
/// What createControl made; null for undefined.
std::shared_ptr<Control> control(Napi::Value value);

// ---- Calls

using Result = std::function<Napi::Value(Napi::Env)>;

/// Runs `body` over [0, n) in ranges of `grain`, then `last` once, then `result` on the JavaScript thread.
/// `now`: all of it on the calling thread (worker 0), and gives the result itself. Else on the pool, and gives a promise.
Napi::Value parallel(Napi::Env env, std::shared_ptr<Control> control, bool now, size_t n, size_t grain, Range body, Result result,
                     std::function<void()> last = {});

/// Runs long work on a thread of its own, which feeds the pool through task.parallel, then `result` on the JavaScript thread. Gives a promise.
Napi::Value background(Napi::Env env, std::shared_ptr<Control> control, std::function<void(Task&)> work, Result result);

// ---- Results

/// Typed arrays over the memory of a vector, without a copy where it is large.
Napi::Value toFloat32Array(Napi::Env env, std::vector<float>&& values);
Napi::Value toFloat64Array(Napi::Env env, std::vector<double>&& values);
Napi::Value toUint32Array(Napi::Env env, std::vector<uint32_t>&& values);
Napi::Value toUint8Array(Napi::Env env, std::vector<uint8_t>&& values);
/// { rows, distances, offsets }
Napi::Value toRowNeighbours(Napi::Env env, Neighbours&& found);

/// For a call that answers at once: where the answer is short, writes it to memory that the TypeScript side copies it from (`shortAnswer` of the
/// kit) and gives the number of its rows, which costs a tenth of making arrays here; else as toRowNeighbours.
Napi::Value toShortAnswer(Napi::Env env, Neighbours&& found);

/// Sets up the environment of this addon in one JavaScript thread, and its common exports. For CBIR_ADDON.
Napi::Object initAddon(Napi::Env env, Napi::Object exports, void (*init)(Napi::Env, Napi::Object));

}  // namespace cbir

/// Registers the addon; `init(Napi::Env, Napi::Object exports)` adds its own functions.
#define CBIR_ADDON(init)                                                                                      \
  static Napi::Object cbirInitAddon(Napi::Env env, Napi::Object exports) { return cbir::initAddon(env, exports, init); } \
  NODE_API_MODULE(NODE_GYP_MODULE_NAME, cbirInitAddon)
