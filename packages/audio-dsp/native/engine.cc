// Plans that are shared, the choice of kernels, and scratch memory.
#include "engine.h"

#include <algorithm>
#include <list>
#include <string>

#include <cbir/error.h>

namespace cbir::dsp {

namespace plain {
extern const Kernels table;
}
#if CBIR_X86
namespace avx2 {
extern const Kernels table;
}
namespace avx512 {
extern const Kernels table;
}
#endif
#if CBIR_ARM64
namespace neon {
extern const Kernels table;
}
#endif

const Kernels& kernels(Isa isa) {
  const std::vector<Isa> available = availableIsas();
  if (std::find(available.begin(), available.end(), isa) == available.end()) {
    throw Error("NOT_USABLE", std::string("This processor has no ") + isaName(isa) + ".");
  }
  return CBIR_PICK(isa, table);
}

template <>
const Transforms<double>& transformsOf<double>(const Kernels& kernels) {
  return kernels.f64;
}
template <>
const Transforms<float>& transformsOf<float>(const Kernels& kernels) {
  return kernels.f32;
}

template <class T>
const Plan<T>& SharedPlan<T>::get() {
  std::call_once(made_, [this] {
    Arena count(nullptr);
    layOutPlan<T>(count, n_);
    memory_ = std::make_unique<Aligned>(count.used());
    Arena arena(memory_->data());
    plan_ = layOutPlan<T>(arena, n_);
    if (plan_->chirp == nullptr) return;
    const Aligned scratch(transforms().scratchBytes(*plan_, 0));
    transforms().finishPlan(*plan_, scratch.data());
  });
  return *plan_;
}

namespace {

// Lengths that are kept: of those in use, the last few.
constexpr size_t keptPlans = 8;
// Longer ones take megabytes, and a call of them takes longer than their plan.
constexpr size_t longestKept = size_t{1} << 16;

template <class T>
struct Kept {
  Isa isa;
  std::shared_ptr<SharedPlan<T>> plan;
};

}  // namespace

template <class T>
std::shared_ptr<SharedPlan<T>> planOf(Isa isa, size_t n) {
  if (n < 1 || n > maxLength) throw Error("INVALID_ARGUMENT", "A transform has 1 to " + std::to_string(maxLength) + " numbers.");
  const Kernels& set = kernels(isa);
  if (n > longestKept) return std::make_shared<SharedPlan<T>>(set, n);
  static std::mutex mutex;
  // Never destroyed: threads may still be at work when the process ends.
  static std::list<Kept<T>>& recent = *new std::list<Kept<T>>;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = std::find_if(recent.begin(), recent.end(), [&](const Kept<T>& kept) { return kept.isa == isa && kept.plan->n() == n; });
  if (found != recent.end()) {
    recent.splice(recent.begin(), recent, found);
  } else {
    recent.push_front({isa, std::make_shared<SharedPlan<T>>(set, n)});
    if (recent.size() > keptPlans) recent.pop_back();
  }
  return recent.front().plan;
}

void* Scratch::of(unsigned worker, size_t bytes) {
  std::unique_ptr<Aligned>& mine = of_.at(worker);
  if (!mine) mine = std::make_unique<Aligned>(bytes);
  return mine->data();
}

template class SharedPlan<float>;
template class SharedPlan<double>;
template std::shared_ptr<SharedPlan<float>> planOf<float>(Isa, size_t);
template std::shared_ptr<SharedPlan<double>> planOf<double>(Isa, size_t);

}  // namespace cbir::dsp
