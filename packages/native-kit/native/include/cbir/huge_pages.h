// Pages of 2 MB for large memory: taking it costs a third, and reading it here and there misses fewer address translations.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cbir {

constexpr size_t kHugePage = size_t{2} << 20;

/// Asks for huge pages in `bytes` from `at` on, as far as whole ones lie in there; `at` need not be aligned. To be called before the memory is written to: the first
/// byte that is written takes all of its page. A hint: where the system does not follow it, all works on small pages.
inline void wantHugePages(void* at, size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const auto begin = (reinterpret_cast<uintptr_t>(at) + kHugePage - 1) / kHugePage * kHugePage;
  const auto end = (reinterpret_cast<uintptr_t>(at) + bytes) / kHugePage * kHugePage;
  if (end > begin) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  (void)at;
  (void)bytes;
#endif
}

}  // namespace cbir
