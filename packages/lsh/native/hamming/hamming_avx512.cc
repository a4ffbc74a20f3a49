// The kernels over codes compiled for avx512.
#include <cbir/cpu.h>
#if CBIR_X86
#include "hamming_kernels.h"

#include <cbir/isa/avx512.h>

#include "hamming.kernel.inc"
#include "hamming_lanes.kernel.inc"
#include "hamming_table.inc"

#include <cbir/isa/end.h>
#endif
