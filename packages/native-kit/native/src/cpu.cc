// Which instruction sets this CPU has, asked of the CPU and its operating system.
#include <cbir/cpu.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include <cbir/error.h>

#if CBIR_X86
#include <cpuid.h>
#endif

namespace cbir {

const char* isaName(Isa isa) {
  switch (isa) {
    case Isa::avx2: return "avx2";
    case Isa::avx512: return "avx512";
    case Isa::neon: return "neon";
    case Isa::plain: break;
  }
  return "plain";
}

#if CBIR_X86
// F16C has no name of its own in older compilers' __builtin_cpu_supports; its state is AVX's, which that call has checked.
static bool hasF16c() {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}
#endif

std::vector<Isa> availableIsas() {
  std::vector<Isa> sets{Isa::plain};
#if CBIR_X86
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("popcnt") && hasF16c()) {
    sets.push_back(Isa::avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq"))
      sets.push_back(Isa::avx512);
  }
#elif CBIR_ARM64
  sets.push_back(Isa::neon);  // part of the architecture
#endif
  return sets;
}

static Isa choose() {
  const std::vector<Isa> available = availableIsas();
  const char* wanted = std::getenv("CBIR_CPU");
  if (wanted == nullptr || *wanted == '\0') {
    const bool widest = available.back() != Isa::avx512;
    return widest ? available.back() : Isa::avx2;
  }
  std::string names;
  for (const Isa isa : available) {
    if (wanted == std::string(isaName(isa))) return isa;
    names += (names.empty() ? "" : ", ") + std::string(isaName(isa));
  }
  throw Error("INVALID_CONFIG", "CBIR_CPU is \"" + std::string(wanted) + "\"; on this CPU it may be one of " + names +
                                    ". Unset it to let the best be chosen.");
}

Isa chosenIsa() {
  static const Isa chosen = choose();
  return chosen;
}

}  // namespace cbir
