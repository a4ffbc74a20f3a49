// The functions of the OpenMP runtime that libfaiss.a calls (GCC's names), over std::thread: libgomp.a cannot be linked into a shared object,
// and a libgomp.so would have to be installed. Exactly what `nm --undefined-only libfaiss.a` lists; a test compares the two.
//
// A region's threads are borrowed from a crew that outlives it, so a region does not create threads. Regions inside regions run on one thread,
// as OpenMP's do where nesting is off.

#include "team.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cbir::faiss_index {

namespace {

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

/// What is left of a loop that its threads share out among themselves.
struct SharedLoop {
  long next;
  long end;
  long increment;
  long chunk;
  unsigned left;  // threads that are done with it
};

/// The threads of one region.
struct Team {
  explicit Team(unsigned threads) : threads(threads) {}

  const unsigned threads;
  std::mutex mutex;
  std::condition_variable released;
  unsigned arrived = 0;
  unsigned barriers = 0;
  unsigned singles = 0;
  // By their number: with `nowait` a thread may be in the next loop while another is still in this one.
  std::map<unsigned, SharedLoop> loops;

  void barrier() {
    if (threads == 1) return;
    std::unique_lock<std::mutex> lock(mutex);
    const unsigned mine = barriers;
    if (++arrived == threads) {
      arrived = 0;
      barriers++;
      released.notify_all();
    } else {
      released.wait(lock, [&] { return barriers != mine; });
    }
  }
};

/// What a thread is in OpenMP's eyes.
struct Member {
  Team* team = nullptr;
  unsigned number = 0;
  unsigned loop = 0;  // number of the shared loop that it is in
  unsigned singles = 0;
};

thread_local Member member;
thread_local unsigned wantedThreads = 1;
thread_local void* context = nullptr;

/// A region that a crew thread is to take part in.
struct Region {
  void (*body)(void*);
  void* data;
  Team* team;
  void* context;
  std::atomic<unsigned> working;
};

/// Threads that wait for regions.
class Crew {
 public:
  /// Never destroyed: its threads may still wait when the process ends.
  static Crew& get() {
    static Crew* crew = new Crew();
    return *crew;
  }

  struct Hand {
    std::mutex mutex;
    std::condition_variable called;
    std::atomic<Region*> region{nullptr};
    unsigned number = 0;
  };

  /// At most `count` idle threads; fewer where the system gives no more.
  std::vector<Hand*> borrow(unsigned count) {
    std::vector<Hand*> hands;
    hands.reserve(count);
    std::lock_guard<std::mutex> lock(mutex_);
    while (hands.size() < count) {
      if (idle_.empty()) {
        try {
          idle_.reserve(made_ + 1);
          auto hand = std::make_unique<Hand>();
          std::thread([this, own = hand.get()] { work(own); }).detach();
          idle_.push_back(hand.release());
          made_++;
        } catch (...) {
          break;
        }
      }
      hands.push_back(idle_.back());
      idle_.pop_back();
    }
    return hands;
  }

  static void call(Hand* hand, Region* region, unsigned number) {
    std::lock_guard<std::mutex> lock(hand->mutex);
    hand->number = number;
    hand->region.store(region, std::memory_order_release);
    hand->called.notify_one();
  }

 private:
  void work(Hand* hand) {
    for (;;) {
      // Regions often come close together: looking for a while is cheaper than being woken.
      for (int i = 0; i < 2000 && hand->region.load(std::memory_order_acquire) == nullptr; i++) pause();
      Region* region;
      {
        std::unique_lock<std::mutex> lock(hand->mutex);
        hand->called.wait(lock, [&] { return hand->region.load(std::memory_order_acquire) != nullptr; });
        region = hand->region.exchange(nullptr);
      }
      member = {region->team, hand->number, 0, 0};
      context = region->context;
      region->body(region->data);
      member = {};
      context = nullptr;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        idle_.push_back(hand);
      }
      // The last touch of the region: its owner may leave as soon as this is 0.
      region->working.fetch_sub(1, std::memory_order_release);
    }
  }

  std::mutex mutex_;
  std::vector<Hand*> idle_;
  size_t made_ = 0;
};

/// A lock as small as omp_lock_t, which libfaiss lays out as libgomp's: four bytes.
class SmallLock {
 public:
  void lock() {
    for (unsigned turns = 0; state_.exchange(1, std::memory_order_acquire) != 0; turns++) {
      if (turns < 64) {
        pause();
      } else {
        std::this_thread::yield();
      }
    }
  }
  void unlock() { state_.store(0, std::memory_order_release); }

 private:
  std::atomic<int> state_{0};
};
static_assert(sizeof(SmallLock) == 4, "omp_lock_t is four bytes");

std::mutex& critical() {
  static std::mutex* mutex = new std::mutex();
  return *mutex;
}

std::mutex& atomics() {
  static std::mutex* mutex = new std::mutex();
  return *mutex;
}

/// The team of a thread outside any region.
Team& ownTeam() {
  thread_local Team alone(1);
  return member.team != nullptr ? *member.team : alone;
}

bool nextRange(Team& team, long* begin, long* end) {
  std::lock_guard<std::mutex> lock(team.mutex);
  SharedLoop& loop = team.loops.at(member.loop);
  const bool up = loop.increment > 0;
  if (up ? loop.next >= loop.end : loop.next <= loop.end) return false;
  *begin = loop.next;
  const long step = loop.chunk * loop.increment;
  const bool last = up ? loop.end - loop.next <= step : loop.end - loop.next >= step;
  *end = last ? loop.end : loop.next + step;
  loop.next = *end;
  return true;
}

void leaveLoop(Team& team) {
  std::lock_guard<std::mutex> lock(team.mutex);
  const auto loop = team.loops.find(member.loop);
  if (++loop->second.left == team.threads) team.loops.erase(loop);
}

void runRegion(void (*body)(void*), void* data, unsigned wanted) {
  const Member outer = member;
  const bool nested = outer.team != nullptr && outer.team->threads > 1;
  const unsigned threads = nested ? 1 : wanted;
  std::vector<Crew::Hand*> hands;
  if (threads > 1) hands = Crew::get().borrow(threads - 1);
  Team team(static_cast<unsigned>(hands.size()) + 1);
  Region region{body, data, &team, context, {static_cast<unsigned>(hands.size())}};
  for (unsigned i = 0; i < hands.size(); i++) Crew::call(hands[i], &region, i + 1);
  member = {&team, 0, 0, 0};
  body(data);
  member = outer;
  for (unsigned turns = 0; region.working.load(std::memory_order_acquire) != 0; turns++) {
    if (turns < 1000) {
      pause();
    } else {
      std::this_thread::yield();
    }
  }
}

}  // namespace

TeamScope::TeamScope(unsigned threads, void* newContext) noexcept : threads_(wantedThreads), context_(context) {
  wantedThreads = std::max(1u, threads);
  context = newContext;
}

TeamScope::~TeamScope() {
  wantedThreads = threads_;
  context = context_;
}

unsigned teamThreads() noexcept { return member.team != nullptr && member.team->threads > 1 ? 1 : wantedThreads; }

void* teamContext() noexcept { return context; }

void inTeam(unsigned parts, const std::function<void(unsigned)>& work) {
  struct Job {
    unsigned parts;
    const std::function<void(unsigned)>& work;
    std::atomic<unsigned> next{0};
  } job{parts, work};
  runRegion(
      [](void* data) {
        Job& own = *static_cast<Job*>(data);
        for (unsigned part = own.next++; part < own.parts; part = own.next++) own.work(part);
      },
      &job, parts);
}

}  // namespace cbir::faiss_index

using namespace cbir::faiss_index;

extern "C" {

int omp_get_max_threads() { return static_cast<int>(wantedThreads); }
void omp_set_num_threads(int threads) { wantedThreads = static_cast<unsigned>(std::max(1, threads)); }
int omp_get_num_threads() { return member.team != nullptr ? static_cast<int>(member.team->threads) : 1; }
int omp_get_thread_num() { return static_cast<int>(member.number); }
int omp_in_parallel() { return member.team != nullptr && member.team->threads > 1 ? 1 : 0; }
int omp_get_nested() { return 0; }
void omp_set_nested(int) {}

void omp_init_lock(void* lock) { new (lock) SmallLock(); }
void omp_destroy_lock(void*) {}
void omp_set_lock(void* lock) { static_cast<SmallLock*>(lock)->lock(); }
void omp_unset_lock(void* lock) { static_cast<SmallLock*>(lock)->unlock(); }

void GOMP_critical_start() { critical().lock(); }
void GOMP_critical_end() { critical().unlock(); }
void GOMP_atomic_start() { atomics().lock(); }
void GOMP_atomic_end() { atomics().unlock(); }
void GOMP_barrier() { ownTeam().barrier(); }

bool GOMP_single_start() {
  Team& team = ownTeam();
  if (team.threads == 1) return true;
  std::lock_guard<std::mutex> lock(team.mutex);
  if (++member.singles <= team.singles) return false;
  team.singles = member.singles;
  return true;
}

bool GOMP_loop_nonmonotonic_dynamic_next(long* begin, long* end) { return nextRange(ownTeam(), begin, end); }

bool GOMP_loop_nonmonotonic_dynamic_start(long start, long end, long increment, long chunk, long* rangeBegin, long* rangeEnd) {
  Team& team = ownTeam();
  {
    std::lock_guard<std::mutex> lock(team.mutex);
    team.loops.try_emplace(++member.loop, SharedLoop{start, end, increment, std::max(1l, chunk), 0});
  }
  return nextRange(team, rangeBegin, rangeEnd);
}

void GOMP_loop_end_nowait() { leaveLoop(ownTeam()); }

void GOMP_loop_end() {
  Team& team = ownTeam();
  leaveLoop(team);
  team.barrier();
}

void GOMP_parallel(void (*body)(void*), void* data, unsigned threads, unsigned) {
  runRegion(body, data, threads != 0 ? threads : wantedThreads);
}

}  // extern "C"
