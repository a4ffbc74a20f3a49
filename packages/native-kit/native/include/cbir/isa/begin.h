// What every instruction set's header includes before its target pragma: standard headers must never be compiled under it (their
// inline functions would be emitted with its instructions, and the linker could pick those for every CPU).
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <cbir/cpu.h>

#ifndef CBIR_INLINE
#define CBIR_INLINE inline __attribute__((always_inline))
#endif
