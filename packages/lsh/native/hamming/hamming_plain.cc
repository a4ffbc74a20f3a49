// The kernels over codes compiled for the platform's baseline.
#include "hamming_kernels.h"

#include <cbir/isa/plain.h>

#include "hamming.kernel.inc"

namespace cbir::CBIR_ISA::hamming {
constexpr auto closer = closerByWords;
}

#include "hamming_table.inc"

#include <cbir/isa/end.h>
