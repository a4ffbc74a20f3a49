// The N-API side of the hash indexes.
#pragma once

#include <napi.h>

namespace cbir::lsh {

/// Exports the functions of the hash indexes.
void initHashIndexes(Napi::Env env, Napi::Object exports);

}  // namespace cbir::lsh
