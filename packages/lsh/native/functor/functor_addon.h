// The N-API side of training and hashing.
#pragma once

#include <napi.h>

namespace cbir::lsh {

/// Exports the functions of training and hashing.
void initFunctors(Napi::Env env, Napi::Object exports);

}  // namespace cbir::lsh
