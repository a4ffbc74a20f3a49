// Prefetching: memory is asked for before it is read, where the compiler knows how.
#pragma once

namespace cbir {

/// Asks for the cache line of `address`. A hint: any address may be given.
inline void prefetch(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

/// The same into the second cache only: the first one can wait for few lines at once (24 on Zen 4, 12 on older Intel).
inline void prefetchFar(const void* address) {
#if defined(__GNUC__)
  __builtin_prefetch(address, 0, 2);
#else
  (void)address;
#endif
}

}  // namespace cbir
