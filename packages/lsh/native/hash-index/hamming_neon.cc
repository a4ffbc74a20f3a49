// The kernels over codes compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include "hamming_kernels.h"

#include <cbir/isa/neon.h>

#include "hamming.kernel.inc"

namespace cbir::lsh::CBIR_ISA {
extern const HammingKernels hammingTable;
const HammingKernels hammingTable = {Isa::CBIR_ISA, cbir::CBIR_ISA::hamming::distance,
                                     cbir::CBIR_ISA::hamming::distances, cbir::CBIR_ISA::hamming::closerByWords,
                                     cbir::CBIR_ISA::hamming::filter};
}  // namespace cbir::lsh::CBIR_ISA

#include <cbir/isa/end.h>
#endif
