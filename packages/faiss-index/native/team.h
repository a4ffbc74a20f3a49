// Teams: how many threads the parallel regions of faiss use, and for whom they work. See gomp_shim.cc.
#pragma once

#include <functional>

namespace cbir::faiss_index {

/// While it lives, parallel regions that this thread begins use `threads` threads, and all of them see `context`. Without one, a region runs on
/// the calling thread alone: so a thread of the pool that calls faiss stays one thread.
class TeamScope {
 public:
  TeamScope(unsigned threads, void* context) noexcept;
  ~TeamScope();
  TeamScope(const TeamScope&) = delete;
  TeamScope& operator=(const TeamScope&) = delete;

 private:
  unsigned threads_;
  void* context_;
};

/// Threads that a region begun here would have.
unsigned teamThreads() noexcept;

/// What the TeamScope named that this thread works for, or null.
void* teamContext() noexcept;

/// Runs `part(i)` for every i below `parts` on a team of at most that many threads; i is which.
void inTeam(unsigned parts, const std::function<void(unsigned part)>& work);

}  // namespace cbir::faiss_index
