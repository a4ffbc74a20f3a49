// The N-API side of the hash indexes: arguments in, answers out.
#include "hash_index_addon.h"

#include <cbir/addon.h>

namespace cbir::lsh {

void initHashIndexes(Napi::Env, Napi::Object) {}

}  // namespace cbir::lsh
