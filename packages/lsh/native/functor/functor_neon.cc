// The kernels of training and hashing compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include "functor_kernels.h"

#include <cbir/isa/neon.h>

#include "itq.kernel.inc"
#include "linear.kernel.inc"
#include "functor_table.inc"

#include <cbir/isa/end.h>
#endif
