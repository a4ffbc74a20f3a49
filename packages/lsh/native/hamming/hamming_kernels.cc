// The tables of kernels over codes, by instruction set.
#include "hamming_kernels.h"

#include <algorithm>
#include <string>
#include <vector>

#include <cbir/error.h>

namespace cbir::lsh {

namespace plain {
extern const HammingKernels hammingTable;
}
#if CBIR_X86
namespace avx2 {
extern const HammingKernels hammingTable;
}
namespace avx512 {
extern const HammingKernels hammingTable;
}
#endif
#if CBIR_ARM64
namespace neon {
extern const HammingKernels hammingTable;
}
#endif

const HammingKernels& hammingKernels() {
  static const HammingKernels& chosen = hammingKernels(chosenIsa());
  return chosen;
}

const HammingKernels& hammingKernels(Isa isa) {
  const std::vector<Isa> available = availableIsas();
  if (std::find(available.begin(), available.end(), isa) == available.end()) {
    throw Error("NOT_USABLE", std::string("This processor has no ") + isaName(isa) + ".");
  }
  return CBIR_PICK(isa, hammingTable);
}

}  // namespace cbir::lsh
