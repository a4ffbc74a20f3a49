// Environment: an addon in one JavaScript thread. It brings finished work home, and ends before its thread does.
#pragma once

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include <cbir/addon.h>

namespace cbir {

class Environment;

/// A control whose progress is shown to a JavaScript function.
class ShownControl : public Control {
 public:
  ShownControl(Environment* home, Napi::FunctionReference onProgress) : home_(home), onProgress_(std::move(onProgress)) {}
  /// Calls the function where there is news. JavaScript thread only.
  void show(Napi::Env env);

 protected:
  void notify() noexcept override;

 private:
  Environment* home_;
  Napi::FunctionReference onProgress_;
  std::atomic<bool> news_{false};
};

/// One call in flight. Made and deleted on the JavaScript thread, as what its functions hold may belong to JavaScript.
struct Job {
  Environment* home;
  napi_deferred deferred;
  std::shared_ptr<Control> control;
  Range body;
  std::function<void()> last;
  std::function<void(Task&)> work;
  Result result;
  std::exception_ptr error;

  /// Any thread, once: the work is over.
  void finish(std::exception_ptr thrown) noexcept;
};

class Environment : public std::enable_shared_from_this<Environment> {
 public:
  explicit Environment(Napi::Env env);
  static Environment& of(Napi::Env env);

  /// Counts a job in flight, so that its thread lives until it is home. JavaScript thread only.
  void begin(Job* job);
  /// The job could not be started.
  void cancel(Job* job);
  /// Any thread: the job is over and wants to be settled. It may be gone when this returns.
  void bringHome(Job* job) noexcept;
  /// Any thread: there is progress to show.
  void wake() noexcept;

  /// Tells the garbage collector of memory that came or went, in the next turn: of an index that takes the place of another one of its size, which
  /// is let go of in this turn, it need not hear. JavaScript thread only.
  void tellMemory(int64_t change);

  /// The boxes behind this environment's handles: an object that some other addon made is told from them. JavaScript thread only.
  void own(const void* box) { boxes_.insert(box); }
  void disown(const void* box) { boxes_.erase(box); }
  bool owns(const void* box) const { return boxes_.count(box) > 0; }
  /// Memory that short answers are handed over in.
  Napi::ArrayBuffer scratch() const { return scratch_.Value().As<Napi::ArrayBuffer>(); }

  void setMakeError(Napi::Function make) { makeError_ = Napi::Persistent(make); }
  Napi::Function makeError() const { return makeError_.IsEmpty() ? Napi::Function() : makeError_.Value(); }

 private:
  static void onWake(napi_env env, napi_value callback, void* context, void* data);
  static void onCleanup(void* self);
  void settleSome();
  void settle(Job* job);
  void leave(Job* job);

  Napi::Env env_;
  napi_threadsafe_function wakeUp_ = nullptr;
  Napi::FunctionReference makeError_;
  Napi::ObjectReference scratch_;
  std::unordered_set<Job*> inFlight_;
  std::unordered_set<const void*> boxes_;
  int64_t untold_ = 0;
  std::mutex mutex_;
  std::condition_variable home_;
  // Under the lock:
  std::vector<Job*> finished_;
  size_t working_ = 0;
  bool closing_ = false;
  bool woken_ = false;
};

}  // namespace cbir
