// The kernels over codes compiled for avx512.
#include <cbir/cpu.h>
#if CBIR_X86
#include "hamming_kernels.h"

#include <cbir/isa/avx512.h>

#include "hamming.kernel.inc"
#include "hamming_lanes.kernel.inc"

namespace cbir::lsh::CBIR_ISA {
extern const HammingKernels hammingTable;
const HammingKernels hammingTable = {Isa::CBIR_ISA, cbir::CBIR_ISA::hamming::distance,
                                     cbir::CBIR_ISA::hamming::distances, cbir::CBIR_ISA::hamming::closer,
                                     cbir::CBIR_ISA::hamming::filter};
}  // namespace cbir::lsh::CBIR_ISA

#include <cbir/isa/end.h>
#endif
