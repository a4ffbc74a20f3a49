// The N-API side of the ranking of candidates: arguments in, answers out.
#include "rerank_addon.h"

#include <cbir/addon.h>

namespace cbir::lsh {

void initRerank(Napi::Env, Napi::Object) {}

}  // namespace cbir::lsh
