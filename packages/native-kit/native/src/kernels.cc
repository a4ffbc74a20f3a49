// The tables of kernels, chosen by instruction set.
#include <cbir/kernels.h>

#include <algorithm>
#include <string>

#include <cbir/error.h>

namespace cbir {

namespace plain {
extern const Kernels kernelTable;
}
#if CBIR_X86
namespace avx2 {
extern const Kernels kernelTable;
}
namespace avx512 {
extern const Kernels kernelTable;
}
#elif CBIR_ARM64
namespace neon {
extern const Kernels kernelTable;
}
#endif

const Kernels& kernels() {
  static const Kernels& chosen = kernels(chosenIsa());
  return chosen;
}

const Kernels& kernels(Isa isa) {
  const std::vector<Isa> available = availableIsas();
  if (std::find(available.begin(), available.end(), isa) == available.end())
    throw Error("NOT_USABLE", std::string("This CPU has no ") + isaName(isa) + ". availableIsas() names the sets that it has.");
  return CBIR_PICK(isa, kernelTable);
}

FloatKernel Kernels::ofSum(CoordinateSum sum) const {
  switch (sum) {
    case CoordinateSum::squaredDifference: return squaredEuclidean;
    case CoordinateSum::product: return dot;
    case CoordinateSum::absoluteDifference: return manhattan;
    case CoordinateSum::minimum: return minimumSum;
    case CoordinateSum::differing: break;
  }
  return differing;
}

ExactKernel Kernels::exactOfSum(CoordinateSum sum) const {
  switch (sum) {
    case CoordinateSum::squaredDifference: return squaredEuclideanExact;
    case CoordinateSum::product: return dotExact;
    case CoordinateSum::absoluteDifference: return manhattanExact;
    case CoordinateSum::minimum: return minimumSumExact;
    case CoordinateSum::differing: break;
  }
  return differingExact;
}

HalfKernel Kernels::halfOfSum(CoordinateSum sum) const {
  switch (sum) {
    case CoordinateSum::squaredDifference: return squaredEuclideanHalf;
    case CoordinateSum::product: return dotHalf;
    case CoordinateSum::absoluteDifference: return manhattanHalf;
    case CoordinateSum::minimum: return minimumSumHalf;
    case CoordinateSum::differing: break;
  }
  return differingHalf;
}

}  // namespace cbir
