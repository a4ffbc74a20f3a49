// The kernels of the scan compiled for the platform's baseline.
#include "scan_kernels.h"

#include <cbir/isa/plain.h>

#include "scan.kernel.inc"
#include "integers.kernel.inc"
#include "matrix.kernel.inc"
#include "scan_table.inc"

#include <cbir/isa/end.h>
