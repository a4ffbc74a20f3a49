// Handles, arguments, calls and results of an addon: see addon.h.

#include <cbir/addon.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <thread>

#include <cbir/cpu.h>

#include "environment.h"

namespace cbir {

namespace {

/// Smaller results are copied: memory of our own behind an array costs more than the copy.
constexpr size_t kCopyBelow = 1 << 15;

/// Values with more memory behind them than this are freed by the pool: giving 60 MB back to the system takes some ten milliseconds.
constexpr int64_t kFreedHere = 1 << 20;

/// Changes of memory below this share of it are not worth the collector's attention.
constexpr int64_t kUntold = 16;

struct Box {
  std::shared_ptr<Environment> home;
  const void* type;
  std::shared_ptr<void> value;
  int64_t bytes;
  /// What the garbage collector knows of.
  int64_t told;
};

[[noreturn]] void invalid(const std::string& what) { throw Error("INVALID_ARGUMENT", what); }

/// Lets go of a value that holds nothing of JavaScript's (handles of large values never do).
void letGo(std::shared_ptr<void> value, int64_t bytes) {
  if (bytes <= kFreedHere) return;
  auto* last = new Range([value = std::move(value)](size_t, size_t, unsigned) {});
  try {
    startLoop(1, 1, *last, nullptr, [last](std::exception_ptr) { delete last; });
  } catch (...) {
    delete last;
  }
}

Box* boxOf(Napi::Value value) {
  void* box = nullptr;
  if (!value.IsExternal() || napi_get_value_external(value.Env(), value, &box) != napi_ok || !Environment::of(value.Env()).owns(box)) {
    invalid("A handle of this addon was expected.");
  }
  return static_cast<Box*>(box);
}

Napi::Error makeError(Napi::Env env, const char* code, const std::string& message) {
  const Napi::Function make = Environment::of(env).makeError();
  if (!make.IsEmpty()) {
    return Napi::Error(env, make.Call({Napi::String::New(env, code), Napi::String::New(env, message)}));
  }
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

std::pair<napi_deferred, napi_value> newPromise(napi_env env) {
  napi_deferred deferred = nullptr;
  napi_value promise = nullptr;
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) throw Error("ADAPTER_FAULT", "Node-API refused to make a promise.");
  return {deferred, promise};
}

template <class T>
Borrowed<T> borrow(Napi::Value value, napi_typedarray_type type, const char* name, const size_t* wanted, bool keep) {
  bool isTyped = false;
  napi_is_typedarray(value.Env(), value, &isTyped);
  napi_typedarray_type found{};
  size_t length = 0;
  void* data = nullptr;
  if (isTyped) napi_get_typedarray_info(value.Env(), value, &found, &length, &data, nullptr, nullptr);
  if (!isTyped || found != type) invalid(std::string("A ") + name + " was expected.");
  if (wanted != nullptr && length != *wanted) {
    invalid("An array of " + std::to_string(*wanted) + " elements was expected, got " + std::to_string(length) + ".");
  }
  Borrowed<T> borrowed;
  borrowed.data = static_cast<const T*>(data);
  borrowed.length = length;
  if (keep) borrowed.reference = std::make_shared<Napi::ObjectReference>(Napi::Persistent(value.As<Napi::Object>()));
  return borrowed;
}

template <class Array, class T>
Napi::Value toArray(Napi::Env env, std::vector<T>&& values) {
  const size_t bytes = values.size() * sizeof(T);
  if (bytes >= kCopyBelow) {
    auto* kept = new std::vector<T>(std::move(values));
    napi_value buffer = nullptr;
    const napi_status status = napi_create_external_arraybuffer(
        env, kept->data(), bytes, [](napi_env, void*, void* hint) { delete static_cast<std::vector<T>*>(hint); }, kept, &buffer);
    if (status == napi_ok) return Array::New(env, kept->size(), Napi::ArrayBuffer(env, buffer), 0);
    // A host that allows no memory of others.
    values = std::move(*kept);
    delete kept;
  }
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes);
  if (bytes > 0) std::memcpy(buffer.Data(), values.data(), bytes);
  return Array::New(env, values.size(), buffer, 0);
}

Napi::Value attach(const Napi::CallbackInfo& info) {
  Environment::of(info.Env()).setMakeError(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

/// createControl(onProgress?): what abort() takes and calls are given.
Napi::Value createControl(const Napi::CallbackInfo& info) {
  std::shared_ptr<Control> made;
  if (info[0].IsFunction()) {
    made = std::make_shared<ShownControl>(&Environment::of(info.Env()), Napi::Persistent(info[0].As<Napi::Function>()));
  } else {
    made = std::make_shared<Control>();
  }
  return wrap<Control>(info.Env(), made);
}

Napi::Value abortControl(const Napi::CallbackInfo& info) {
  unwrap<Control>(info[0])->abort();
  return info.Env().Undefined();
}

Napi::Value close(const Napi::CallbackInfo& info) {
  closeHandle(info[0]);
  return info.Env().Undefined();
}

/// The environment of this JavaScript thread, and what every addon exports.
void setUp(Napi::Env env, Napi::Object exports) {
  // Handles hold on to it as well: which of them and this goes last when the thread ends is up to Node.
  auto environment = std::make_unique<std::shared_ptr<Environment>>(std::make_shared<Environment>(env));
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Environment>*>(data); };
  if (napi_set_instance_data(env, environment.get(), finalize, nullptr) != napi_ok) {
    throw Napi::Error::New(env, "Node-API refused to keep the data of the addon.");
  }
  environment.release();
  method<attach>(exports, "attach");
  method<createControl>(exports, "createControl");
  method<abortControl>(exports, "abort");
  method<close>(exports, "close");
  exports.Set("scratch", Environment::of(env).scratch());
  exports.Set("threads", Napi::Number::New(env, poolThreads()));
  exports.Set("instructionSet", Napi::String::New(env, isaName(chosenIsa())));
  Napi::Array sets = Napi::Array::New(env);
  for (const Isa isa : availableIsas()) sets.Set(sets.Length(), isaName(isa));
  exports.Set("instructionSets", sets);
}

}  // namespace

Napi::Error toJavaScript(Napi::Env env, std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Napi::Error& error) {
    return error;
  } catch (const Error& error) {
    return makeError(env, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return makeError(env, "ADAPTER_FAULT", "There is not enough memory for this.");
  } catch (const std::exception& error) {
    return makeError(env, "ADAPTER_FAULT", error.what());
  } catch (...) {
    return makeError(env, "ADAPTER_FAULT", "Native code threw something that is not an error.");
  }
}

namespace detail {

Napi::Value wrapShared(Napi::Env env, const void* type, std::shared_ptr<void> value, int64_t bytes) {
  const std::shared_ptr<Environment> home = Environment::of(env).shared_from_this();
  auto box = std::make_unique<Box>(Box{home, type, std::move(value), bytes, bytes});
  const auto finalize = [](napi_env freed, void* data, void*) {
    auto* box = static_cast<Box*>(data);
    box->home->disown(box);
    // At once: this is the collection that must know, and perhaps the end of the thread.
    int64_t now = 0;
    if (box->told != 0) napi_adjust_external_memory(freed, -box->told, &now);
    letGo(std::move(box->value), box->bytes);
    delete box;
  };
  home->own(box.get());
  napi_value handle = nullptr;
  if (napi_create_external(env, box.get(), finalize, nullptr, &handle) != napi_ok) {
    home->disown(box.get());
    throw Error("ADAPTER_FAULT", "Node-API refused to make a handle.");
  }
  box.release();
  home->tellMemory(bytes);
  return Napi::Value(env, handle);
}

std::shared_ptr<void> unwrapShared(Napi::Value value, const void* type) {
  Box* box = boxOf(value);
  if (box->type != type) invalid("A handle of another kind was expected.");
  if (!box->value) invalid("The handle is closed.");
  return box->value;
}

}  // namespace detail

void accountBytes(Napi::Value handle, int64_t bytes, bool complete) {
  Box* box = boxOf(handle);
  if (!box->value) return;
  box->bytes = bytes;
  if (!complete || std::abs(bytes - box->told) <= box->told / kUntold) return;
  box->home->tellMemory(bytes - box->told);
  box->told = bytes;
}

void closeHandle(Napi::Value handle) {
  Box* box = boxOf(handle);
  letGo(std::move(box->value), box->bytes);
  box->value.reset();
  box->home->tellMemory(-box->told);
  box->bytes = box->told = 0;
}

Floats floats(Napi::Value value, size_t length, bool keep) { return borrow<float>(value, napi_float32_array, "Float32Array", &length, keep); }

Doubles doubles(Napi::Value value, size_t length, bool keep) { return borrow<double>(value, napi_float64_array, "Float64Array", &length, keep); }

Uints32 uints32(Napi::Value value, size_t length, bool keep) { return borrow<uint32_t>(value, napi_uint32_array, "Uint32Array", &length, keep); }

Bytes bytes(Napi::Value value, bool keep) { return borrow<uint8_t>(value, napi_uint8_array, "Uint8Array", nullptr, keep); }

double number(Napi::Value value) {
  if (!value.IsNumber()) invalid("A number was expected.");
  return value.As<Napi::Number>().DoubleValue();
}

size_t size(Napi::Value value) {
  const double wanted = number(value);
  if (!(wanted >= 0 && wanted <= 9007199254740992.0) || wanted != std::floor(wanted)) invalid("An integer that is not negative was expected.");
  return static_cast<size_t>(wanted);
}

bool flag(Napi::Value value) {
  if (!value.IsBoolean()) invalid("true or false was expected.");
  return value.As<Napi::Boolean>().Value();
}

std::string text(Napi::Value value) {
  if (!value.IsString()) invalid("A string was expected.");
  return value.As<Napi::String>().Utf8Value();
}

Isa instructionSet(Napi::Value value) { return value.IsUndefined() ? chosenIsa() : isaOf(text(value)); }

std::shared_ptr<Control> control(Napi::Value value) { return value.IsUndefined() ? nullptr : unwrap<Control>(value); }

Napi::Value parallel(Napi::Env env, std::shared_ptr<Control> control, bool now, size_t n, size_t grain, Range body, Result result,
                     std::function<void()> last) {
  if (now) {
    if (n > 0) body(0, n, 0);
    if (last) last();
    return result(env);
  }
  // A control of its own where the caller gave none: when the thread of JavaScript ends, the work is told.
  if (!control) control = std::make_shared<Control>();
  Environment& home = Environment::of(env);
  const auto [deferred, promise] = newPromise(env);
  auto* job = new Job{&home, deferred, std::move(control), std::move(body), std::move(last), {}, std::move(result), nullptr};
  home.begin(job);
  try {
    startLoop(n, grain, job->body, job->control.get(), [job](std::exception_ptr error) { job->finish(std::move(error)); });
  } catch (...) {
    home.cancel(job);
    throw;
  }
  return Napi::Value(env, promise);
}

Napi::Value background(Napi::Env env, std::shared_ptr<Control> control, std::function<void(Task&)> work, Result result) {
  if (!control) control = std::make_shared<Control>();
  Environment& home = Environment::of(env);
  const auto [deferred, promise] = newPromise(env);
  auto* job = new Job{&home, deferred, std::move(control), {}, {}, std::move(work), std::move(result), nullptr};
  home.begin(job);
  try {
    std::thread([job] {
      std::exception_ptr error;
      try {
        Task task(job->control.get());
        task.throwIfAborted();
        job->work(task);
      } catch (...) {
        error = std::current_exception();
      }
      job->finish(std::move(error));
    }).detach();
  } catch (...) {
    home.cancel(job);
    throw;
  }
  return Napi::Value(env, promise);
}

Napi::Value toFloat32Array(Napi::Env env, std::vector<float>&& values) { return toArray<Napi::Float32Array>(env, std::move(values)); }

Napi::Value toFloat64Array(Napi::Env env, std::vector<double>&& values) { return toArray<Napi::Float64Array>(env, std::move(values)); }

Napi::Value toUint32Array(Napi::Env env, std::vector<uint32_t>&& values) { return toArray<Napi::Uint32Array>(env, std::move(values)); }

Napi::Value toUint8Array(Napi::Env env, std::vector<uint8_t>&& values) { return toArray<Napi::Uint8Array>(env, std::move(values)); }

Napi::Value toRowNeighbours(Napi::Env env, Neighbours&& found) {
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("rows", toUint32Array(env, std::move(found.rows)));
  answer.Set("distances", toFloat32Array(env, std::move(found.distances)));
  answer.Set("offsets", toUint32Array(env, std::move(found.offsets)));
  return answer;
}

Napi::Value toShortAnswer(Napi::Env env, Neighbours&& found) {
  const size_t count = found.rows.size();
  const size_t queries = found.offsets.size();
  Napi::ArrayBuffer scratch = Environment::of(env).scratch();
  if (scratch.ByteLength() < (2 * count + queries) * 4) return toRowNeighbours(env, std::move(found));
  auto* memory = static_cast<uint32_t*>(scratch.Data());
  if (count > 0) {
    std::memcpy(memory, found.rows.data(), count * 4);
    std::memcpy(memory + count, found.distances.data(), count * 4);
  }
  std::memcpy(memory + 2 * count, found.offsets.data(), queries * 4);
  return Napi::Number::New(env, static_cast<double>(count));
}

Napi::Object initAddon(Napi::Env env, Napi::Object exports, void (*init)(Napi::Env, Napi::Object)) {
  try {
    setUp(env, exports);
    init(env, exports);
  } catch (const Error& error) {
    // There is nobody yet who makes a CbirError of it: the loader does.
    Napi::Error failed = Napi::Error::New(env, error.what());
    failed.Set("code", Napi::String::New(env, error.code()));
    throw failed;
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
  return exports;
}

}  // namespace cbir
