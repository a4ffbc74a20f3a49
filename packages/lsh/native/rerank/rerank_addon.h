// The N-API side of the ranking of candidates.
#pragma once

#include <napi.h>

namespace cbir::lsh {

/// Exports the functions of the ranking of candidates.
void initRerank(Napi::Env env, Napi::Object exports);

}  // namespace cbir::lsh
