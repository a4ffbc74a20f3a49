// The kernels over codes compiled for the platform's baseline.
#include "hamming_kernels.h"

#include <cbir/isa/plain.h>

#include "hamming.kernel.inc"

namespace cbir::lsh::CBIR_ISA {
extern const HammingKernels hammingTable;
const HammingKernels hammingTable = {Isa::CBIR_ISA, cbir::CBIR_ISA::hamming::distance,
                                     cbir::CBIR_ISA::hamming::distances, cbir::CBIR_ISA::hamming::closerByWords,
                                     cbir::CBIR_ISA::hamming::filter};
}  // namespace cbir::lsh::CBIR_ISA

#include <cbir/isa/end.h>
