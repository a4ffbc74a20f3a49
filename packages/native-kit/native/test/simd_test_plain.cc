// The tests of the vectors, compiled for plain.
#include "simd_test.h"
#include <cstdio>

#include <cbir/isa/plain.h>

#include "simd_test.kernel.inc"

#include <cbir/isa/end.h>
