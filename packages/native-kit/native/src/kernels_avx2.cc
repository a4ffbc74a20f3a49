// The kernels compiled for avx2.
#include <cbir/cpu.h>
#if CBIR_X86
#include <cbir/kernels.h>

#include <cbir/isa/avx2.h>

#include "kernels.kernel.inc"

#include <cbir/isa/end.h>
#endif
