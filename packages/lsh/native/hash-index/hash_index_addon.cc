// The N-API side of the hash indexes: arguments in, answers out.
#include "hash_index_addon.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cbir/addon.h>

#include "hash_index.h"
#include "linear_search.h"

namespace cbir::lsh {

namespace {

/// Codes that one thread copies in a piece: some tenths of a millisecond.
constexpr size_t copiedAtOnce = size_t{1} << 14;

HashIndexKind kindOf(const std::string& name) {
  if (name == "linear") return HashIndexKind::linear;
  if (name == "multi-index") return HashIndexKind::multiIndex;
  if (name == "ball-tree") return HashIndexKind::ballTree;
  throw Error("INVALID_ARGUMENT", "There is no kind of hash index \"" + name + "\".");
}

// createHashIndex({ kind, bits, substrings?, leafSize?, seed?, blockBytes?, smallest?, patience?, instructionSet? }) →
// handle
Napi::Value create(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw Error("INVALID_ARGUMENT", "The settings of a hash index were expected.");
  const Napi::Object given = info[0].As<Napi::Object>();
  HashIndexSettings settings;
  settings.kind = kindOf(text(given.Get("kind")));
  settings.bits = size(given.Get("bits"));
  if (settings.bits == 0 || settings.bits > (size_t{1} << 24))
    throw Error("INVALID_ARGUMENT", "Codes have 1 to 2^24 bits.");
  const auto optional = [&given](const char* name, size_t otherwise) {
    const Napi::Value value = given.Get(name);
    return value.IsUndefined() ? otherwise : size(value);
  };
  settings.substrings = optional("substrings", settings.substrings);
  settings.leafSize = optional("leafSize", settings.leafSize);
  settings.seed = optional("seed", settings.seed);
  settings.blockBytes = optional("blockBytes", settings.blockBytes);
  settings.smallest = std::max<size_t>(1, optional("smallest", settings.smallest));
  const Napi::Value patience = given.Get("patience");
  if (!patience.IsUndefined()) settings.patience = number(patience);
  return wrap(info.Env(),
              std::make_shared<HashIndex>(settings, hammingKernels(instructionSet(given.Get("instructionSet")))));
}

/// The packed codes of an argument, and how many.
struct Codes {
  Bytes bytes;
  size_t words;
  size_t count;
  const uint64_t* code(size_t i) const { return reinterpret_cast<const uint64_t*>(bytes.data) + i * words; }
};

Codes codesOf(Napi::Value value, const HashIndex& index, bool keep) {
  Codes codes{bytes(value, keep), index.rows().words(), 0};
  const size_t stride = codes.words * 8;
  codes.count = codes.bytes.length / stride;
  if (codes.count * stride != codes.bytes.length)
    throw Error("INVALID_ARGUMENT", "The bytes are no whole number of codes.");
  if (reinterpret_cast<uintptr_t>(codes.bytes.data) % alignof(uint64_t) != 0) {
    throw Error("INVALID_ARGUMENT", "Codes must begin at a multiple of 8 bytes.");
  }
  return codes;
}

// putCodes(handle, rows, codes, now, control): code i to rows[i], which holds none
Napi::Value put(const Napi::CallbackInfo& info) {
  const auto index = unwrap<HashIndex>(info[0]);
  const bool now = flag(info[3]);
  const Codes codes = codesOf(info[2], *index, !now);
  const Uints32 rows = uints32(info[1], codes.count, !now);
  size_t end = index->rows().size();
  for (size_t i = 0; i < codes.count; i++) {
    const size_t row = rows.data[i];
    if (row >= UINT32_MAX - 1) throw Error("INVALID_ARGUMENT", "An index holds up to 2^32 − 2 codes.");
    if (row < index->rows().size() && index->rows().isLive(row))
      throw Error("INVALID_ARGUMENT", "Row " + std::to_string(row) + " holds a code.");
    end = std::max(end, row + 1);
  }
  index->reserve(end);
  const auto copy = [index, codes, rows](size_t begin, size_t last, unsigned) {
    for (size_t i = begin; i < last; i++) index->put(rows.data[i], codes.code(i));
  };
  return parallel(
      info.Env(), control(info[4]), now, codes.count, copiedAtOnce, copy,
      [](Napi::Env env) -> Napi::Value { return env.Undefined(); },
      [index, rows, count = codes.count] { index->commit(rows.data, count); });
}

// freeCodes(handle, rows): these rows, which hold a code each
Napi::Value freeRows(const Napi::CallbackInfo& info) {
  const auto index = unwrap<HashIndex>(info[0]);
  if (!info[1].IsTypedArray()) throw Error("INVALID_ARGUMENT", "An array of rows was expected.");
  const size_t count = info[1].As<Napi::TypedArray>().ElementLength();
  const Uints32 rows = uints32(info[1], count, false);
  for (size_t i = 0; i < count; i++) {
    if (rows.data[i] < index->rows().size() && index->rows().isLive(rows.data[i])) continue;
    throw Error("INVALID_ARGUMENT", "Row " + std::to_string(rows.data[i]) + " holds no code.");
  }
  index->free(rows.data, count);
  return info.Env().Undefined();
}

// wantsStructure(handle) → boolean
Napi::Value wantsStructure(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), unwrap<HashIndex>(info[0])->wantsStructure());
}

// makeStructure(handle, control)
Napi::Value makeStructure(const Napi::CallbackInfo& info) {
  const auto index = unwrap<HashIndex>(info[0]);
  return background(
      info.Env(), control(info[1]), [index](Task& task) { index->makeStructure([&task] { task.throwIfAborted(); }); },
      [](Napi::Env env) -> Napi::Value { return env.Undefined(); });
}

// accountCodes(handle): for the garbage collector, what is behind it
Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], static_cast<int64_t>(unwrap<HashIndex>(info[0])->bytes()));
  return info.Env().Undefined();
}

// searchCodes(handle, queries, k, now, control) → { rows, distances, offsets }, or a short answer
Napi::Value search(const Napi::CallbackInfo& info) {
  const auto index = unwrap<HashIndex>(info[0]);
  const size_t k = size(info[2]);
  const bool now = flag(info[3]);
  const Codes queries = codesOf(info[1], *index, !now);
  if (k == 0 || k > index->rows().count())
    throw Error("INVALID_ARGUMENT", "1 to as many codes as there are can be asked for.");
  if (queries.count > 0 && queries.count * k / queries.count != k)
    throw Error("INVALID_ARGUMENT", "So many neighbours cannot be given.");
  if (queries.count * k > UINT32_MAX) throw Error("INVALID_ARGUMENT", "One call gives up to 2^32 − 1 neighbours.");
  const std::shared_ptr<Control> by = control(info[4]);
  const auto answer = [now](Napi::Env env, Neighbours&& found) {
    return now ? toShortAnswer(env, std::move(found)) : toRowNeighbours(env, std::move(found));
  };
  if (index->settings().kind == HashIndexKind::linear) {
    auto scan = std::make_shared<LinearSearch>(index->rows(), index->kernels(), queries.code(0), queries.count, k,
                                               now ? 1 : poolThreads());
    auto done = std::make_shared<std::atomic<size_t>>(0);
    const size_t pieces = scan->pieces();
    // The codes and the index must stay until the last piece was run.
    const auto run = [index, queries, scan, by, pieces, done](size_t begin, size_t end, unsigned worker) {
      scan->run(begin, end, worker);
      if (by) by->progress(queries.count * done->fetch_add(end - begin) / pieces, queries.count);
    };
    return parallel(info.Env(), by, now, pieces, 1, run,
                    [scan, answer](Napi::Env env) { return answer(env, scan->take()); });
  }
  auto found = std::make_shared<Neighbours>(Neighbours::fixed(queries.count, k));
  const auto run = [index, queries, found, k](size_t begin, size_t end, unsigned) {
    for (size_t i = begin; i < end; i++)
      index->search(queries.code(i), k, found->rows.data() + i * k, found->distances.data() + i * k);
  };
  const size_t grain = std::clamp<size_t>(queries.count / (4 * poolThreads()), 1, 8);
  return parallel(info.Env(), by, now, queries.count, grain, run,
                  [found, answer](Napi::Env env) { return answer(env, std::move(*found)); });
}

}  // namespace

void initHashIndexes(Napi::Env env, Napi::Object exports) {
  method<create>(exports, "createHashIndex");
  method<put>(exports, "putCodes");
  method<freeRows>(exports, "freeCodes");
  method<wantsStructure>(exports, "wantsStructure");
  method<makeStructure>(exports, "makeStructure");
  method<search>(exports, "searchCodes");
  method<account>(exports, "accountCodes");
}

}  // namespace cbir::lsh
