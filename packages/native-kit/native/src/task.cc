// The thread pool. Loops wait in one line; each thread takes a range of the first, which then goes to the back: so a query that comes during
// a long build waits for one range and not for the build.

#include <cbir/task.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace cbir {

namespace {

/// Between two looks at progress, in nanoseconds: 20 a second is as much as anybody reads.
constexpr int64_t kProgressEvery = 50'000'000;

struct Loop {
  Loop(size_t n, size_t grain, const Range* body, const Control* control, std::function<void(std::exception_ptr)> finished)
      : n(n), grain(grain), body(body), control(control), finished(std::move(finished)) {}

  size_t n;
  size_t grain;
  const Range* body;
  const Control* control;
  std::function<void(std::exception_ptr)> finished;
  // Under the pool's lock:
  size_t next = 0;
  size_t running = 0;
  std::exception_ptr error;

  bool exhausted() const { return next >= n; }
};

class Pool {
 public:
  /// Never destroyed: its threads may still wait when the process ends.
  static Pool& get() {
    static Pool* pool = new Pool();
    return *pool;
  }

  unsigned threads() const { return threads_; }

  void start(Loop* loop) {
    const size_t ranges = (loop->n + loop->grain - 1) / loop->grain;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ensureThreads();
      line_.push_back(loop);
    }
    // From here on the loop may be over, and gone.
    if (ranges == 1) {
      wake_.notify_one();
    } else {
      wake_.notify_all();
    }
  }

 private:
  Pool() : threads_(wantedThreads()) {}

  static unsigned wantedThreads() {
    const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
    const char* wish = std::getenv("CBIR_THREADS");
    if (wish == nullptr) return cores;
    const long number = std::strtol(wish, nullptr, 10);
    return number >= 1 && number < static_cast<long>(cores) ? static_cast<unsigned>(number) : cores;
  }

  /// Threads are made with the first loop. One is enough to go on where the system gives no more.
  void ensureThreads() {
    while (made_ < threads_) {
      try {
        std::thread([this, worker = made_] { run(worker); }).detach();
      } catch (...) {
        if (made_ == 0) throw;
        return;
      }
      made_++;
    }
  }

  void run(unsigned worker) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return !line_.empty(); });
      Loop* loop = line_.front();
      line_.pop_front();
      const size_t begin = loop->next;
      const size_t end = std::min(loop->n, begin + loop->grain);
      loop->next = end;
      loop->running++;
      if (!loop->exhausted()) line_.push_back(loop);
      lock.unlock();
      std::exception_ptr error;
      try {
        if (loop->control != nullptr && loop->control->aborted()) throw Aborted();
        (*loop->body)(begin, end, worker);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error && !loop->error) {
        loop->error = std::move(error);
        // Nothing more of it is begun.
        if (!loop->exhausted()) line_.erase(std::find(line_.begin(), line_.end(), loop));
        loop->next = loop->n;
      }
      // No thread of the pool holds on to an error when its loop is over: who gets it may free it.
      error = nullptr;
      loop->running--;
      if (loop->exhausted() && loop->running == 0) finish(loop, lock);
    }
  }

  void finish(Loop* loop, std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    const std::function<void(std::exception_ptr)> finished = std::move(loop->finished);
    std::exception_ptr error = std::move(loop->error);
    delete loop;
    finished(std::move(error));
    lock.lock();
  }

  const unsigned threads_;
  unsigned made_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Loop*> line_;
};

int64_t nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void Control::progress(uint64_t done, uint64_t total) noexcept {
  done_.store(done, std::memory_order_relaxed);
  total_.store(total, std::memory_order_relaxed);
  const int64_t now = nanoseconds();
  int64_t shown = shownAt_.load(std::memory_order_relaxed);
  if (now - shown < kProgressEvery && done != total) return;
  if (shownAt_.compare_exchange_strong(shown, now, std::memory_order_relaxed)) notify();
}

unsigned poolThreads() { return Pool::get().threads(); }

void startLoop(size_t n, size_t grain, const Range& body, const Control* control, std::function<void(std::exception_ptr)> finished) {
  if (n == 0) {
    finished(nullptr);
    return;
  }
  Loop* loop = new Loop(n, std::max<size_t>(1, grain), &body, control, std::move(finished));
  try {
    Pool::get().start(loop);
  } catch (...) {
    delete loop;
    throw;
  }
}

void parallelFor(size_t n, size_t grain, const Range& body, const Control* control) {
  if (n == 0) return;
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  std::exception_ptr error;
  startLoop(n, grain, body, control, [&](std::exception_ptr thrown) {
    // Notified under the lock: whoever waits may leave, and take all this with it, only after we have let go.
    std::lock_guard<std::mutex> lock(mutex);
    error = std::move(thrown);
    done = true;
    ended.notify_one();
  });
  std::unique_lock<std::mutex> lock(mutex);
  ended.wait(lock, [&] { return done; });
  if (error) std::rethrow_exception(error);
}

}  // namespace cbir
