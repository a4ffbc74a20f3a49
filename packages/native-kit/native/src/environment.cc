// Environment: see environment.h.

#include "environment.h"

#include <chrono>
#include <utility>

namespace cbir {

namespace {

/// Enough for a few hundred queries of ten neighbours.
constexpr size_t kScratchBytes = 1 << 15;
/// Settling takes no longer than this in one turn; what is left comes in the next.
constexpr std::chrono::milliseconds kTurn(4);

void check(napi_status status, const char* what) {
  if (status != napi_ok) throw Error("ADAPTER_FAULT", std::string("Node-API refused to ") + what + ".");
}

}  // namespace

void ShownControl::notify() noexcept {
  news_.store(true, std::memory_order_release);
  home_->wake();
}

void ShownControl::show(Napi::Env env) {
  if (!news_.exchange(false, std::memory_order_acquire)) return;
  onProgress_.Call({Napi::Number::New(env, static_cast<double>(done())), Napi::Number::New(env, static_cast<double>(total()))});
}

void Job::finish(std::exception_ptr thrown) noexcept {
  if (!thrown && last) {
    try {
      last();
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  error = std::move(thrown);
  home->bringHome(this);
}

Environment::Environment(Napi::Env env) : env_(env) {
  check(napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "cbir"), 0, 1, nullptr, nullptr, this, onWake, &wakeUp_),
        "make a thread-safe function");
  check(napi_unref_threadsafe_function(env, wakeUp_), "let the process end");
  scratch_ = Napi::Persistent(Napi::ArrayBuffer::New(env, kScratchBytes).As<Napi::Object>());
  // Hooks run in the opposite order of their making: this one before the function above is closed.
  check(napi_add_env_cleanup_hook(env, onCleanup, this), "add a cleanup hook");
}

Environment& Environment::of(Napi::Env env) {
  void* self = nullptr;
  check(napi_get_instance_data(env, &self), "give the data of the addon");
  return **static_cast<std::shared_ptr<Environment>*>(self);
}

void Environment::begin(Job* job) {
  inFlight_.insert(job);
  if (inFlight_.size() == 1) napi_ref_threadsafe_function(env_, wakeUp_);
  std::lock_guard<std::mutex> lock(mutex_);
  working_++;
}

void Environment::cancel(Job* job) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    working_--;
  }
  leave(job);
}

void Environment::leave(Job* job) {
  inFlight_.erase(job);
  if (inFlight_.empty()) napi_unref_threadsafe_function(env_, wakeUp_);
  delete job;
}

void Environment::bringHome(Job* job) noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  finished_.push_back(job);
  working_--;
  if (closing_) {
    home_.notify_all();
  } else if (!woken_) {
    woken_ = napi_call_threadsafe_function(wakeUp_, nullptr, napi_tsfn_nonblocking) == napi_ok;
  }
}

void Environment::wake() noexcept {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!closing_ && !woken_) woken_ = napi_call_threadsafe_function(wakeUp_, nullptr, napi_tsfn_nonblocking) == napi_ok;
}

void Environment::tellMemory(int64_t change) {
  untold_ += change;
  if (untold_ != 0) wake();
}

void Environment::onWake(napi_env env, napi_value, void* context, void*) {
  if (env != nullptr) static_cast<Environment*>(context)->settleSome();
}

void Environment::settleSome() {
  if (untold_ != 0) {
    int64_t now = 0;
    napi_adjust_external_memory(env_, std::exchange(untold_, 0), &now);
  }
  const auto began = std::chrono::steady_clock::now();
  std::vector<Job*> finished;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    woken_ = false;
    finished.swap(finished_);
  }
  {
    Napi::HandleScope scope(env_);
    std::vector<std::shared_ptr<Control>> shown;
    for (Job* job : inFlight_) {
      if (job->control) shown.push_back(job->control);
    }
    for (const auto& control : shown) {
      auto* visible = dynamic_cast<ShownControl*>(control.get());
      if (visible == nullptr) continue;
      try {
        visible->show(env_);
      } catch (const Napi::Error&) {
        // The TypeScript side catches what a caller's function throws; nothing else can come.
      }
    }
  }
  for (size_t i = 0; i < finished.size(); i++) {
    settle(finished[i]);
    if (i + 1 == finished.size() || std::chrono::steady_clock::now() - began < kTurn) continue;
    std::lock_guard<std::mutex> lock(mutex_);
    finished_.insert(finished_.begin(), finished.begin() + static_cast<std::ptrdiff_t>(i) + 1, finished.end());
    if (!woken_) woken_ = napi_call_threadsafe_function(wakeUp_, nullptr, napi_tsfn_nonblocking) == napi_ok;
    return;
  }
}

void Environment::settle(Job* job) {
  Napi::HandleScope scope(env_);
  try {
    if (job->error) throw toJavaScript(env_, job->error);
    const Napi::Value value = job->result(env_);
    napi_resolve_deferred(env_, job->deferred, value);
  } catch (const Napi::Error& error) {
    napi_reject_deferred(env_, job->deferred, error.Value());
  } catch (...) {
    napi_reject_deferred(env_, job->deferred, toJavaScript(env_, std::current_exception()).Value());
  }
  leave(job);
}

// The thread of JavaScript ends: what is under way is asked to stop and waited for, as it may use memory that ends with it.
void Environment::onCleanup(void* data) {
  auto* self = static_cast<Environment*>(data);
  for (Job* job : self->inFlight_) {
    if (job->control) job->control->abort();
  }
  {
    std::unique_lock<std::mutex> lock(self->mutex_);
    self->closing_ = true;
    self->home_.wait(lock, [self] { return self->working_ == 0; });
    self->finished_.clear();
  }
  for (Job* job : self->inFlight_) delete job;
  self->inFlight_.clear();
  self->makeError_.Reset();
  self->scratch_.Reset();
}

}  // namespace cbir
