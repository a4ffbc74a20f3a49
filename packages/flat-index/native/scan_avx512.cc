// The kernels of the scan compiled for avx512.
#include <cbir/cpu.h>
#if CBIR_X86
#include "scan_kernels.h"

#include <cbir/isa/avx512.h>

#include "scan.kernel.inc"
#include "integers.kernel.inc"
#include "matrix.kernel.inc"
#include "scan_table.inc"

#include <cbir/isa/end.h>
#endif
