// Which instruction sets this CPU has, asked of the CPU and its operating system.
#include <cbir/cpu.h>

#include <cstdlib>
#include <optional>
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

static std::optional<Isa> availableIsa(std::string_view name) {
  for (const Isa isa : availableIsas()) {
    if (name == isaName(isa)) return isa;
  }
  return std::nullopt;
}

static std::string availableNames() {
  std::string names;
  for (const Isa isa : availableIsas()) names += (names.empty() ? "" : ", ") + std::string(isaName(isa));
  return names;
}

Isa isaOf(std::string_view name) {
  if (const auto isa = availableIsa(name)) return *isa;
  throw Error("INVALID_ARGUMENT", "This processor has no instruction set \"" + std::string(name) + "\". It has " + availableNames() + ".");
}

static Isa choose() {
  const char* wanted = std::getenv("CBIR_CPU");
  if (wanted == nullptr || *wanted == '\0') {
    const std::vector<Isa> available = availableIsas();
    const bool widest = available.back() != Isa::avx512;
    return widest ? available.back() : Isa::avx2;
  }
  if (const auto isa = availableIsa(wanted)) return *isa;
  throw Error("INVALID_CONFIG", "CBIR_CPU is \"" + std::string(wanted) + "\"; on this CPU it may be one of " + availableNames() +
                                    ". Unset it to let the best be chosen.");
}

Isa chosenIsa() {
  static const Isa chosen = choose();
  return chosen;
}

}  // namespace cbir
