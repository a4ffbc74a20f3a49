// Tasks: work on the kit's own threads, with abort and progress. No part of this knows JavaScript.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>

#include <cbir/error.h>

namespace cbir {

/// A range of a loop, [begin, end), on pool thread `worker` < poolThreads(). No two ranges of one loop with the same worker run at once.
using Range = std::function<void(size_t begin, size_t end, unsigned worker)>;

/// What the caller of a task can ask of it and see of it, from any thread.
class Control {
 public:
  virtual ~Control() = default;
  void abort() noexcept { aborted_.store(true, std::memory_order_relaxed); }
  bool aborted() const noexcept { return aborted_.load(std::memory_order_relaxed); }
  /// Says how far the work is. Cheap: what comes too often for anybody to see is dropped.
  void progress(uint64_t done, uint64_t total) noexcept;
  uint64_t done() const noexcept { return done_.load(std::memory_order_relaxed); }
  uint64_t total() const noexcept { return total_.load(std::memory_order_relaxed); }

 protected:
  /// Called from a working thread when there is progress to show.
  virtual void notify() noexcept {}

 private:
  std::atomic<bool> aborted_{false};
  std::atomic<uint64_t> done_{0};
  std::atomic<uint64_t> total_{0};
  std::atomic<int64_t> shownAt_{0};
};

/// Threads of the pool: the processor's cores that this process may use, or fewer where CBIR_THREADS says so.
unsigned poolThreads();

/// Runs `body` over [0, n) in ranges of `grain` on the pool, and returns when all are done. Loops of several callers take turns, range by range,
/// so a range should be 0.1 to 5 ms of work. The first exception of a range ends the loop and is thrown here; so is Aborted. Must not be
/// called on a pool thread: it would wait for itself.
void parallelFor(size_t n, size_t grain, const Range& body, const Control* control = nullptr);

/// As parallelFor, but returns at once. `finished` is called exactly once, on a pool thread after the last range (on this thread where n is 0),
/// with what a range threw, or null; it must not throw, and nothing of the loop is touched after it has begun: it may free `body`.
void startLoop(size_t n, size_t grain, const Range& body, const Control* control, std::function<void(std::exception_ptr)> finished);

/// The work of a long call, on a thread of its own, from which it feeds the pool.
class Task {
 public:
  explicit Task(Control* control) : control_(control) {}
  bool aborted() const noexcept { return control_ != nullptr && control_->aborted(); }
  /// @throws Aborted
  void throwIfAborted() const {
    if (aborted()) throw Aborted();
  }
  void progress(uint64_t done, uint64_t total) noexcept {
    if (control_ != nullptr) control_->progress(done, total);
  }
  /// As parallelFor.
  void parallel(size_t n, size_t grain, const Range& body) { parallelFor(n, grain, body, control_); }
  Control* control() const noexcept { return control_; }

 private:
  Control* control_;
};

}  // namespace cbir
