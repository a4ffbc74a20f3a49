// The kernels of the scan compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include "scan_kernels.h"

#include <cbir/isa/neon.h>

#include "scan.kernel.inc"
#include "integers.kernel.inc"
#include "matrix.kernel.inc"
#include "scan_table.inc"

#include <cbir/isa/end.h>
#endif
