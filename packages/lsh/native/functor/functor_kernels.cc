// The tables of the functors' kernels by instruction set.
#include "functor_kernels.h"

#include <algorithm>
#include <string>
#include <vector>

#include <cbir/error.h>

namespace cbir::lsh {

namespace plain {
extern const FunctorKernels table;
}
#if CBIR_X86
namespace avx2 {
extern const FunctorKernels table;
}
namespace avx512 {
extern const FunctorKernels table;
}
#endif
#if CBIR_ARM64
namespace neon {
extern const FunctorKernels table;
}
#endif

const FunctorKernels& functorKernels(Isa isa) {
  const std::vector<Isa> available = availableIsas();
  if (std::find(available.begin(), available.end(), isa) == available.end()) {
    throw Error("NOT_USABLE", std::string("This processor has no ") + isaName(isa) + ".");
  }
  return CBIR_PICK(isa, table);
}

}  // namespace cbir::lsh
