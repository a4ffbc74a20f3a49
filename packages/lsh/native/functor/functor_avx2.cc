// The kernels of training and hashing compiled for avx2.
#include <cbir/cpu.h>
#if CBIR_X86
#include "functor_kernels.h"

#include <cbir/isa/avx2.h>

#include "itq.kernel.inc"
#include "linear.kernel.inc"
#include "functor_table.inc"

#include <cbir/isa/end.h>
#endif
