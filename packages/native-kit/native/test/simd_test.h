// Tests of the vectors of <cbir/simd.h>, compiled for each instruction set: how many failed.
#pragma once
#include <cbir/cpu.h>

namespace cbir {

namespace plain {
int testVectors();
}
#if CBIR_X86
namespace avx2 {
int testVectors();
}
namespace avx512 {
int testVectors();
}
#elif CBIR_ARM64
namespace neon {
int testVectors();
}
#endif

}  // namespace cbir
