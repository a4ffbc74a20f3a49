// The kernels of training and hashing compiled for avx512.
#include <cbir/cpu.h>
#if CBIR_X86
#include "functor_kernels.h"

#include <cbir/isa/avx512.h>

#include "itq.kernel.inc"
#include "linear.kernel.inc"
#include "functor_table.inc"

#include <cbir/isa/end.h>
#endif
