// The tests of the vectors, compiled for neon.
#include "simd_test.h"
#if CBIR_ARM64
#include <cstdio>

#include <cbir/isa/neon.h>

#include "simd_test.kernel.inc"

#include <cbir/isa/end.h>
#endif
