// The kernels over codes compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include "hamming_kernels.h"

#include <cbir/isa/neon.h>

#include "hamming.kernel.inc"

namespace cbir::CBIR_ISA::hamming {
constexpr auto closer = closerByWords;
}

#include "hamming_table.inc"

#include <cbir/isa/end.h>
#endif
