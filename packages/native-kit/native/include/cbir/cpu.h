// Which instruction sets this CPU has, and which of them the kernels of this process use.
#pragma once
#include <string_view>
#include <vector>

#if defined(__x86_64__)
#define CBIR_X86 1
#else
#define CBIR_X86 0
#endif
#if defined(__aarch64__)
#define CBIR_ARM64 1
#else
#define CBIR_ARM64 0
#endif

namespace cbir {

// `plain` is what the compiler's baseline gives (SSE2 on x86-64) and runs on any CPU.
enum class Isa { plain, avx2, avx512, neon };

const char* isaName(Isa isa);

// The sets that this binary has and this CPU and its operating system can run, the widest last; `plain` is always among them.
// avx2 stands for AVX2, FMA, F16C and POPCNT together; avx512 for these and AVX-512 F, BW, VL and DQ.
std::vector<Isa> availableIsas();

// The set that kernels use: NEON, else AVX2, else plain; or the one that the environment variable CBIR_CPU names. AVX-512 is
// chosen only by name. Read once. Throws Error INVALID_CONFIG where CBIR_CPU names no set or one that this CPU has not (nothing
// is remembered then).
Isa chosenIsa();

// The set of this name. Throws Error INVALID_ARGUMENT where this binary or this CPU has none such.
Isa isaOf(std::string_view name);

}  // namespace cbir

// The `name` compiled for `isa`, from the namespaces plain, avx2, avx512 and neon, where every one of them that the platform has
// defines it with the same type: CBIR_PICK(chosenIsa(), scan)(rows, count).
#if CBIR_X86
#define CBIR_PICK(isa, name) \
  ((isa) == ::cbir::Isa::avx512 ? avx512::name : (isa) == ::cbir::Isa::avx2 ? avx2::name : plain::name)
#elif CBIR_ARM64
#define CBIR_PICK(isa, name) ((isa) == ::cbir::Isa::neon ? neon::name : plain::name)
#else
#define CBIR_PICK(isa, name) ((void)(isa), plain::name)
#endif
