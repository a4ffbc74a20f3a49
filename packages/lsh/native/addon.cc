// The addon of @cbir/lsh. Each part exports its own functions.
#include <cbir/addon.h>

#include "functor/functor_addon.h"
#include "hash-index/hash_index_addon.h"
#include "rerank/rerank_addon.h"

namespace {

void init(Napi::Env env, Napi::Object exports) {
  cbir::lsh::initFunctors(env, exports);
  cbir::lsh::initHashIndexes(env, exports);
  cbir::lsh::initRerank(env, exports);
}

}  // namespace

CBIR_ADDON(init)
