// The N-API side of the ranking of candidates: arguments in, answers out.
#include "rerank_addon.h"

#include <memory>
#include <utility>
#include <vector>

#include <cbir/addon.h>

#include "code_scan.h"
#include "ranking.h"
#include "vector_rows.h"

namespace cbir::lsh {

namespace {

/// Rows that a thread copies in a row.
constexpr size_t copyGrain = 512;

Napi::Value undefined(Napi::Env env) { return env.Undefined(); }

size_t lengthOf(Napi::Value value) {
  if (!value.IsTypedArray()) throw Error("INVALID_ARGUMENT", "A typed array was expected.");
  return value.As<Napi::TypedArray>().ElementLength();
}

/// Answers of varying length that are being written.
struct Answer {
  Neighbours found;
  std::vector<uint32_t> counts;
  Answer(size_t queries, size_t k) : found(Neighbours::fixed(queries, k)), counts(queries) {}
};

using Body = std::function<void(size_t begin, size_t end, Answer& answer)>;

/// Runs `body` over the queries, here and now or on the pool.
Napi::Value answer(const Napi::CallbackInfo& info, size_t queries, size_t k, size_t grain, bool now,
                   std::shared_ptr<Control> by, Body body) {
  const auto answer = std::make_shared<Answer>(queries, k);
  if (now) {
    body(0, queries, *answer);
    answer->found.shrink(answer->counts, k);
    return toShortAnswer(info.Env(), std::move(answer->found));
  }
  return parallel(
      info.Env(), std::move(by), false, queries, grain == 0 ? 1 : grain,
      [answer, body](size_t begin, size_t end, unsigned) { body(begin, end, *answer); },
      [answer](Napi::Env env) { return toRowNeighbours(env, std::move(answer->found)); },
      [answer, k] { answer->found.shrink(answer->counts, k); });
}

/// offsets: queries + 1 ascending numbers, the last of which is `rows`.
Uints32 offsetsOf(Napi::Value value, size_t queries, size_t rows, bool keep) {
  const Uints32 offsets = uints32(value, queries + 1, keep);
  bool whole = offsets.data[0] == 0 && offsets.data[queries] == rows;
  for (size_t i = 0; whole && i < queries; i++) whole = offsets.data[i] <= offsets.data[i + 1];
  if (!whole) throw Error("INVALID_ARGUMENT", "Offsets must ascend from 0 to the number of rows.");
  return offsets;
}

// createVectorRows(metric, dimensions) → handle
Napi::Value createVectorRows(const Napi::CallbackInfo& info) {
  const size_t dimensions = size(info[1]);
  if (dimensions == 0 || dimensions > (size_t{1} << 30))
    throw Error("INVALID_ARGUMENT", "Vectors have 1 to 2^30 dimensions.");
  return wrap(info.Env(), std::make_shared<VectorRows>(metricOf(text(info[0])), dimensions));
}

// appendVectorRows(handle, vectors, count, following, now, control)
Napi::Value appendVectorRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t count = size(info[2]);
  const size_t following = size(info[3]);
  const bool now = flag(info[4]);
  const size_t dimensions = rows->dimensions();
  const Floats vectors = floats(info[1], count * dimensions, !now);
  const size_t first = rows->count();
  if (first + count + following > UINT32_MAX) throw Error("NOT_SUPPORTED", "An LSH index holds at most 2^32 - 1 rows.");
  rows->reserve(first + count + following);
  accountBytes(info[0], static_cast<int64_t>(rows->bytesOf(first + count + following)));
  return parallel(
      info.Env(), control(info[5]), now, count, copyGrain,
      [=](size_t begin, size_t end, unsigned) {
        for (size_t i = begin; i < end; i++) rows->put(first + i, vectors.data + i * dimensions);
      },
      undefined, [=] { rows->commit(first + count); });
}

// overwriteVectorRows(handle, rows, vectors, now, control)
Napi::Value overwriteVectorRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t count = lengthOf(info[1]);
  const bool now = flag(info[3]);
  const size_t dimensions = rows->dimensions();
  const Uints32 places = uints32(info[1], count, !now);
  const Floats vectors = floats(info[2], count * dimensions, !now);
  for (size_t i = 0; i < count; i++) {
    if (places.data[i] >= rows->count()) throw Error("INVALID_ARGUMENT", "There is no such row.");
  }
  return parallel(
      info.Env(), control(info[4]), now, count, copyGrain,
      [=](size_t begin, size_t end, unsigned) {
        for (size_t i = begin; i < end; i++) rows->put(places.data[i], vectors.data + i * dimensions);
      },
      undefined);
}

// truncateVectorRows(handle, rows): forgets the rows behind
Napi::Value truncateVectorRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t to = size(info[1]);
  if (to > rows->count()) throw Error("INVALID_ARGUMENT", "There are no such rows.");
  rows->commit(to);
  return info.Env().Undefined();
}

// readVectorRows(handle, from, to) → the vectors of these rows
Napi::Value readVectorRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t from = size(info[1]);
  const size_t to = size(info[2]);
  if (from > to || to > rows->count()) throw Error("INVALID_ARGUMENT", "There are no such rows.");
  std::vector<float> copy;
  copy.reserve((to - from) * rows->dimensions());
  for (size_t row = from; row < to; row++) copy.insert(copy.end(), rows->row(row), rows->row(row) + rows->dimensions());
  return toFloat32Array(info.Env(), std::move(copy));
}

// pickVectorRows(handle, rows) → their vectors
Napi::Value pickVectorRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t count = lengthOf(info[1]);
  const Uints32 places = uints32(info[1], count, false);
  std::vector<float> copy;
  copy.reserve(count * rows->dimensions());
  for (size_t i = 0; i < count; i++) {
    if (places.data[i] >= rows->count()) throw Error("INVALID_ARGUMENT", "There is no such row.");
    copy.insert(copy.end(), rows->row(places.data[i]), rows->row(places.data[i]) + rows->dimensions());
  }
  return toFloat32Array(info.Env(), std::move(copy));
}

// rankRows(handle, queries, count, candidates, offsets, k, grain, now, control)
Napi::Value rankCandidateRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t count = size(info[2]);
  const size_t k = size(info[5]);
  const bool now = flag(info[7]);
  const size_t dimensions = rows->dimensions();
  const Floats queries = floats(info[1], count * dimensions, !now);
  const size_t candidates = lengthOf(info[3]);
  const Uints32 places = uints32(info[3], candidates, !now);
  const Uints32 offsets = offsetsOf(info[4], count, candidates, !now);
  return answer(info, count, k, size(info[6]), now, control(info[8]), [=](size_t begin, size_t end, Answer& to) {
    Ranking ranking(rows->metric(), dimensions, k);
    for (size_t i = begin; i < end; i++) {
      const uint32_t from = offsets.data[i];
      to.counts[i] = static_cast<uint32_t>(rankRows(*rows, ranking, queries.data + i * dimensions, places.data + from,
                                                    offsets.data[i + 1] - from, to.found.rows.data() + i * k,
                                                    to.found.distances.data() + i * k));
    }
  });
}

// rankVectors(metric, dimensions, queries, count, vectors, candidates, offsets, k, grain, now, control)
Napi::Value rankGivenVectors(const Napi::CallbackInfo& info) {
  const Metric metric = metricOf(text(info[0]));
  const size_t dimensions = size(info[1]);
  const size_t count = size(info[3]);
  const size_t k = size(info[7]);
  const bool now = flag(info[9]);
  const Floats queries = floats(info[2], count * dimensions, !now);
  const size_t candidates = lengthOf(info[5]);
  const Floats vectors = floats(info[4], candidates * dimensions, !now);
  const Uints32 places = uints32(info[5], candidates, !now);
  const Uints32 offsets = offsetsOf(info[6], count, candidates, !now);
  return answer(info, count, k, size(info[8]), now, control(info[10]), [=](size_t begin, size_t end, Answer& to) {
    Ranking ranking(metric, dimensions, k);
    for (size_t i = begin; i < end; i++) {
      const uint32_t from = offsets.data[i];
      to.counts[i] = static_cast<uint32_t>(rankVectors(metric, dimensions, ranking, queries.data + i * dimensions,
                                                       vectors.data + from * dimensions, places.data + from,
                                                       offsets.data[i + 1] - from, to.found.rows.data() + i * k,
                                                       to.found.distances.data() + i * k));
    }
  });
}

// scanRows(handle, queries, count, k, allow | undefined, grain, now, control)
Napi::Value scanAllRows(const Napi::CallbackInfo& info) {
  const auto rows = unwrap<VectorRows>(info[0]);
  const size_t count = size(info[2]);
  const size_t k = size(info[3]);
  const bool now = flag(info[6]);
  const Floats queries = floats(info[1], count * rows->dimensions(), !now);
  const bool filtered = !info[4].IsUndefined();
  const Bytes allow = filtered ? bytes(info[4], !now) : Bytes{};
  const auto by = control(info[7]);
  return answer(info, count, k, size(info[5]), now, by, [=](size_t begin, size_t end, Answer& to) {
    const Bitmap bitmap{allow.data, allow.length * 8};
    scanRows(*rows, queries.data, begin, end, k, filtered ? &bitmap : nullptr, to.found, to.counts.data(), by.get());
  });
}

/// Codes by row and codes of queries, checked against their memory.
struct CodeArguments {
  Bytes held;
  Bytes asked;
  Codes codes;
  const uint64_t* query(size_t i) const { return reinterpret_cast<const uint64_t*>(asked.data) + i * codes.words; }
};

CodeArguments codeArguments(Napi::Value held, Napi::Value words, Napi::Value rows, Napi::Value asked, size_t queries,
                            bool keep) {
  CodeArguments given{bytes(held, keep), bytes(asked, keep), {}};
  given.codes = {given.held.data, size(words), size(rows)};
  const size_t codeBytes = given.codes.words * sizeof(uint64_t);
  const bool aligned = reinterpret_cast<uintptr_t>(given.held.data) % alignof(uint64_t) == 0 &&
                       reinterpret_cast<uintptr_t>(given.asked.data) % alignof(uint64_t) == 0;
  if (!aligned || codeBytes == 0 || given.codes.words > 1000 || given.held.length / codeBytes < given.codes.rows ||
      given.asked.length / codeBytes < queries) {
    throw Error("INVALID_ARGUMENT", "The codes do not fit their number and length.");
  }
  return given;
}

// closestCodes(codes, words, rows, queryCodes, count, limit, allow | undefined, grain, now, control) → rows, and the
// share of the bits that differ
Napi::Value closestCodeRows(const Napi::CallbackInfo& info) {
  const size_t count = size(info[4]);
  const size_t limit = size(info[5]);
  const bool now = flag(info[8]);
  const CodeArguments given = codeArguments(info[0], info[1], info[2], info[3], count, !now);
  const bool filtered = !info[6].IsUndefined();
  const Bytes allow = filtered ? bytes(info[6], !now) : Bytes{};
  return answer(info, count, limit, size(info[7]), now, control(info[9]), [=](size_t begin, size_t end, Answer& to) {
    const Bitmap bitmap{allow.data, allow.length * 8};
    Closest closest;
    for (size_t i = begin; i < end; i++) {
      to.counts[i] =
          static_cast<uint32_t>(closestCodes(given.codes, given.query(i), limit, filtered ? &bitmap : nullptr, closest,
                                             to.found.rows.data() + i * limit, to.found.distances.data() + i * limit));
    }
  });
}

// countByDistance(codes, words, rows, queryCodes, count, control) → count × (64 · words + 1) numbers of rows
Napi::Value countRowsByDistance(const Napi::CallbackInfo& info) {
  const size_t count = size(info[4]);
  const CodeArguments given = codeArguments(info[0], info[1], info[2], info[3], count, true);
  const size_t width = 64 * given.codes.words + 1;
  const auto counts = std::make_shared<std::vector<uint32_t>>(count * width);
  return parallel(
      info.Env(), control(info[5]), false, count, 1,
      [=](size_t begin, size_t end, unsigned) {
        for (size_t i = begin; i < end; i++) countByDistance(given.codes, given.query(i), counts->data() + i * width);
      },
      [counts](Napi::Env env) { return toUint32Array(env, std::move(*counts)); });
}

}  // namespace

void initRerank(Napi::Env, Napi::Object exports) {
  method<createVectorRows>(exports, "createVectorRows");
  method<appendVectorRows>(exports, "appendVectorRows");
  method<overwriteVectorRows>(exports, "overwriteVectorRows");
  method<truncateVectorRows>(exports, "truncateVectorRows");
  method<readVectorRows>(exports, "readVectorRows");
  method<pickVectorRows>(exports, "pickVectorRows");
  method<rankCandidateRows>(exports, "rankRows");
  method<rankGivenVectors>(exports, "rankVectors");
  method<scanAllRows>(exports, "scanRows");
  method<closestCodeRows>(exports, "closestCodes");
  method<countRowsByDistance>(exports, "countByDistance");
}

}  // namespace cbir::lsh
