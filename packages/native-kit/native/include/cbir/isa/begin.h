// What every instruction set's header includes before its target pragma: standard headers must never be compiled under it (their
// inline functions would be emitted with its instructions, and the linker could pick those for every CPU).
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <cbir/cpu.h>

#ifndef CBIR_INLINE
#define CBIR_INLINE inline __attribute__((always_inline))
#endif

namespace cbir {

// The first n ≤ 16 bytes from p on, then zeros, in the order of memory: what is read is p[0] … p[n − 1] alone. (A memcpy of a
// length that is not known is a call, and costs as much as half a kernel.)
struct Bytes16 {
  uint64_t low, high;
};
CBIR_INLINE uint64_t firstUpTo8(const uint8_t* p, size_t n) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  // Two reads that overlap; where they do, both have the same bits.
  if (n >= 4) {
    uint32_t first, last;
    std::memcpy(&first, p, 4);
    std::memcpy(&last, p + n - 4, 4);
    return first | static_cast<uint64_t>(last) << (8 * (n - 4));
  }
  if (n == 0) return 0;
  return p[0] | static_cast<uint64_t>(p[n / 2]) << (8 * (n / 2)) | static_cast<uint64_t>(p[n - 1]) << (8 * (n - 1));
#else
  uint64_t bytes = 0;
  std::memcpy(&bytes, p, n);
  return bytes;
#endif
}
CBIR_INLINE Bytes16 firstUpTo16(const void* from, size_t n) {
  const uint8_t* p = static_cast<const uint8_t*>(from);
  if (n < 8) return {firstUpTo8(p, n), 0};
  Bytes16 bytes;
  std::memcpy(&bytes.low, p, 8);
  bytes.high = firstUpTo8(p + 8, n - 8);
  return bytes;
}

}  // namespace cbir
