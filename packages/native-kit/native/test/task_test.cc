// The thread pool without JavaScript, for ThreadSanitizer and AddressSanitizer. Prints what fails; the exit code is the number of failures.

#include <cbir/task.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
  if (holds) return;
  failures++;
  std::printf("failed: %s\n", what);
}

void coversEachElementOnce() {
  for (size_t n : {0u, 1u, 7u, 1000u, 4096u}) {
    for (size_t grain : {1u, 3u, 64u, 5000u}) {
      std::vector<int> seen(n, 0);
      cbir::parallelFor(n, grain, [&](size_t begin, size_t end, unsigned) {
        for (size_t i = begin; i < end; i++) seen[i]++;
      });
      bool once = true;
      for (int count : seen) once = once && count == 1;
      expect(once, "each element once");
    }
  }
}

void scratchOfAWorkerIsItsOwn() {
  std::vector<size_t> sums(cbir::poolThreads(), 0);  // no atomics: the sanitizer would see two of one worker
  cbir::parallelFor(20000, 7, [&](size_t begin, size_t end, unsigned worker) { sums[worker] += end - begin; });
  size_t total = 0;
  for (size_t sum : sums) total += sum;
  expect(total == 20000, "sums of the workers");
}

void callersShareThePool() {
  std::atomic<size_t> total{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; caller++) {
    callers.emplace_back([&] {
      for (int round = 0; round < 50; round++) {
        size_t sum = 0;
        std::vector<size_t> parts(cbir::poolThreads(), 0);
        cbir::parallelFor(100, 9, [&](size_t begin, size_t end, unsigned worker) { parts[worker] += end - begin; });
        for (size_t part : parts) sum += part;
        total += sum;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  expect(total == 8 * 50 * 100, "loops of eight callers");
}

void exceptionsComeOut() {
  for (int round = 0; round < 100; round++) {
    std::atomic<int> ran{0};
    std::string message;
    try {
      cbir::parallelFor(100000, 1, [&](size_t begin, size_t, unsigned) {
        ran++;
        if (begin == 10) throw std::runtime_error("ten");
        std::this_thread::sleep_for(std::chrono::microseconds(20));
      });
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    expect(message == "ten", "the exception of a range");
    expect(ran < 100000, "nothing more is begun after it");
  }
}

void abortEndsALoop() {
  cbir::Control control;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    control.abort();
  });
  bool aborted = false;
  try {
    cbir::parallelFor(1000000, 1, [](size_t, size_t, unsigned) { std::this_thread::sleep_for(std::chrono::microseconds(100)); }, &control);
  } catch (const cbir::Aborted&) {
    aborted = true;
  }
  stopper.join();
  expect(aborted, "an aborted loop throws Aborted");
}

/// A loop's function may be freed by what is called at its end.
void finishedMayFreeTheLoop() {
  for (int round = 0; round < 200; round++) {
    auto* body = new cbir::Range([](size_t, size_t, unsigned) {});
    std::atomic<bool> done{false};
    cbir::startLoop(16, 1, *body, nullptr, [&done, body](std::exception_ptr) {
      delete body;
      done = true;
    });
    while (!done) std::this_thread::yield();
  }
}

}  // namespace

int main() {
  coversEachElementOnce();
  scratchOfAWorkerIsItsOwn();
  callersShareThePool();
  exceptionsComeOut();
  abortEndsALoop();
  finishedMayFreeTheLoop();
  std::printf("%d failures\n", failures);
  return failures;
}
