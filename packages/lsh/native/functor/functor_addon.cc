// The N-API side of training and hashing: arguments in, answers out.
#include "functor_addon.h"

#include <cbir/addon.h>

namespace cbir::lsh {

void initFunctors(Napi::Env, Napi::Object) {}

}  // namespace cbir::lsh
