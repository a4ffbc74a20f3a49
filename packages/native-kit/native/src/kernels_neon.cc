// The kernels compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include <cbir/kernels.h>

#include <cbir/isa/neon.h>

#include "kernels.kernel.inc"

#include <cbir/isa/end.h>
#endif
