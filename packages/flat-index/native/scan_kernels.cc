// The tables of kernels by instruction set.
#include "scan_kernels.h"

#include <algorithm>
#include <string>
#include <vector>

#include <cbir/error.h>

namespace cbir::flat {

namespace plain {
extern const ScanKernels table;
}
#if CBIR_X86
namespace avx2 {
extern const ScanKernels table;
}
namespace avx512 {
extern const ScanKernels table;
}
#endif
#if CBIR_ARM64
namespace neon {
extern const ScanKernels table;
}
#endif

const ScanKernels& scanKernels(Isa isa) {
  const std::vector<Isa> available = availableIsas();
  if (std::find(available.begin(), available.end(), isa) == available.end()) {
    throw Error("NOT_USABLE", std::string("This processor has no ") + isaName(isa) + ".");
  }
  return CBIR_PICK(isa, table);
}

}  // namespace cbir::flat
