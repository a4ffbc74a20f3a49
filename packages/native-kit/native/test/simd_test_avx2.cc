// The tests of the vectors, compiled for avx2.
#include "simd_test.h"
#if CBIR_X86
#include <cstdio>

#include <cbir/isa/avx2.h>

#include "simd_test.kernel.inc"

#include <cbir/isa/end.h>
#endif
