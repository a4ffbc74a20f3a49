// The addon: Index for JavaScript. What its functions take and give is written down in src/addon.ts.

#include <cbir/addon.h>

#include <cstring>
#include <mutex>

#include "faiss_index.h"

namespace cbir::faiss_index {

namespace {

/// Numbers that the pool copies in one piece: some tenths of a millisecond.
constexpr size_t kShortCopy = size_t{1} << 19;

Settings settingsOf(const Napi::Object& from) {
  Settings settings;
  settings.seed = size(from.Get("seed"));
  settings.efConstruction = static_cast<int>(size(from.Get("efConstruction")));
  settings.trainingRows = size(from.Get("trainingRows"));
  settings.leastTrainingRows = size(from.Get("leastTrainingRows"));
  return settings;
}

std::shared_ptr<Index> indexOf(const Napi::CallbackInfo& info) { return unwrap<Index>(info[0]); }

size_t floatsOf(const Index& index, size_t count) { return count * static_cast<size_t>(index.dimensions()); }

/// make(dimensions, factory, metric, settings) → handle
Napi::Value make(const Napi::CallbackInfo& info) {
  const auto dimensions = size(info[0]);
  if (dimensions < 1 || dimensions > (size_t{1} << 20)) throw Error("INVALID_ARGUMENT", "An index of faiss has from 1 to 1048576 dimensions.");
  return wrap(info.Env(), Index::make(static_cast<int>(dimensions), text(info[1]), spaceOf(text(info[2])), settingsOf(info[3].As<Napi::Object>())));
}

/// read(path, metric, settings, control) → Promise<handle>
Napi::Value read(const Napi::CallbackInfo& info) {
  auto index = std::make_shared<std::shared_ptr<Index>>();
  return background(
      info.Env(), control(info[3]),
      [index, path = text(info[0]), space = spaceOf(text(info[1])), settings = settingsOf(info[2].As<Napi::Object>())](Task& task) {
        task.throwIfAborted();
        *index = Index::read(path, space, settings);
      },
      [index](Napi::Env env) { return wrap(env, *index, (*index)->bytes()); });
}

/// describe(handle) → { factory, mapped, dimensions, rows, innerProduct }
Napi::Value describe(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("factory", index->factory());
  result.Set("mapped", index->mapped());
  result.Set("dimensions", index->dimensions());
  result.Set("rows", static_cast<double>(index->rows()));
  result.Set("innerProduct", index->usesInnerProduct());
  return result;
}

/// ids(handle) → BigInt64Array: those of the file that the index was read from, by row
Napi::Value ids(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  const auto& ids = index->ids();
  auto result = Napi::BigInt64Array::New(info.Env(), ids.size());
  if (!ids.empty()) std::memcpy(result.Data(), ids.data(), ids.size() * sizeof(int64_t));
  return result;
}

/// A writing call.
Napi::Value change(const Napi::CallbackInfo& info, size_t controlAt, std::function<void(Task&)> work) {
  return background(info.Env(), control(info[controlAt]), std::move(work), [](Napi::Env env) { return env.Undefined(); });
}

/// account(handle, complete): for the garbage collector, how large the index is now
Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], indexOf(info)->bytes(), flag(info[1]));
  return info.Env().Undefined();
}

/// add(handle, vectors, count, following, control) → Promise
Napi::Value add(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  const size_t count = size(info[2]);
  const Floats vectors = floats(info[1], floatsOf(*index, count));
  const size_t following = std::min<size_t>(size(info[3]), UINT32_MAX);
  if (index->onlyCopies() && vectors.length <= kShortCopy) {
    // Not worth a thread of its own, which a busy machine lets wait.
    const auto by = control(info[4]);
    const auto copy = [index, vectors, count, following, by](size_t, size_t, unsigned) {
      Task task(by.get());
      index->add(vectors.data, count, following, task);
    };
    return parallel(info.Env(), by, false, 1, 1, copy, [](Napi::Env env) { return env.Undefined(); });
  }
  return change(info, 4, [index, vectors, count, following](Task& task) { index->add(vectors.data, count, following, task); });
}

/// finish(handle, control) → Promise
Napi::Value finish(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  return change(info, 1, [index](Task& task) { index->finish(task); });
}

/// overwrite(handle, rows, count, vectors, control) → Promise
Napi::Value overwrite(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  const size_t count = size(info[2]);
  const Uints32 rows = uints32(info[1], count);
  const Floats vectors = floats(info[3], floatsOf(*index, count));
  return change(info, 4, [index, rows, vectors, count](Task& task) { index->overwrite(rows.data, vectors.data, count, task); });
}

/// free(handle, rows, count, control) → Promise
Napi::Value free(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  const size_t count = size(info[2]);
  const Uints32 rows = uints32(info[1], count);
  return change(info, 3, [index, rows, count](Task& task) { index->free(rows.data, count, task); });
}

/// A search and all that must live until it has run.
struct Job {
  std::shared_ptr<Index> index;
  Floats queries;
  Bytes allow;
  Bitmap bitmap;
  size_t count;
  Tuning tuning;
  std::function<std::unique_ptr<Search>(const Job&)> prepare;
  std::unique_ptr<Search> search;

  const Bitmap* rows() const { return bitmap.bits != nullptr ? &bitmap : nullptr; }
};

Napi::Value runJob(Napi::Env env, std::shared_ptr<Control> control, bool now, std::shared_ptr<Job> job) {
  if (now) {
    job->search = job->prepare(*job);
    for (const Search::Phase& phase : job->search->phases) {
      if (phase.n > 0) phase.body(0, phase.n, 0);
    }
    job->search->finish();
    return toShortAnswer(env, std::move(job->search->found));
  }
  return background(
      env, std::move(control),
      [job](Task& task) {
        job->search = job->prepare(*job);
        for (const Search::Phase& phase : job->search->phases) task.parallel(phase.n, phase.grain, phase.body);
        job->search->finish();
      },
      [job](Napi::Env where) { return toRowNeighbours(where, std::move(job->search->found)); });
}

/// What nearest and within share of their arguments: (handle, queries, count, k or radius, allow, tuning, now, control)
std::shared_ptr<Job> jobOf(const Napi::CallbackInfo& info) {
  auto job = std::make_shared<Job>();
  job->index = indexOf(info);
  job->count = size(info[2]);
  const bool now = flag(info[6]);
  job->queries = floats(info[1], floatsOf(*job->index, job->count), !now);
  if (!info[4].IsUndefined()) {
    job->allow = bytes(info[4], !now);
    static const uint8_t none = 0;
    job->bitmap = {job->allow.length > 0 ? job->allow.data : &none, job->allow.length * 8};
  }
  const auto tuning = info[5].As<Napi::Object>();
  job->tuning.nprobe = std::max<size_t>(1, size(tuning.Get("nprobe")));
  job->tuning.efSearch = std::max<size_t>(1, size(tuning.Get("efSearch")));
  job->tuning.everything = flag(tuning.Get("everything"));
  return job;
}

Napi::Value nearest(const Napi::CallbackInfo& info) {
  auto job = jobOf(info);
  const size_t k = size(info[3]);
  if (k < 1 || k > job->index->rows()) throw Error("INVALID_ARGUMENT", "k must be from 1 to the number of rows.");
  job->prepare = [k](const Job& own) { return own.index->nearest(own.queries.data, own.count, k, own.rows(), own.tuning); };
  return runJob(info.Env(), control(info[7]), flag(info[6]), std::move(job));
}

Napi::Value within(const Napi::CallbackInfo& info) {
  auto job = jobOf(info);
  const auto radius = static_cast<float>(number(info[3]));
  job->prepare = [radius](const Job& own) { return own.index->within(own.queries.data, own.count, radius, own.rows(), own.tuning); };
  return runJob(info.Env(), control(info[7]), flag(info[6]), std::move(job));
}

/// write(handle, path, control) → Promise
Napi::Value write(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  return background(
      info.Env(), control(info[2]), [index, path = text(info[1])](Task&) { index->write(path); }, [](Napi::Env env) { return env.Undefined(); });
}

/// writeForeign(handle, path, ids, mapped, control) → Promise
Napi::Value writeForeign(const Napi::CallbackInfo& info) {
  const auto index = indexOf(info);
  if (!info[2].IsTypedArray() || info[2].As<Napi::TypedArray>().TypedArrayType() != napi_bigint64_array) {
    throw Error("INVALID_ARGUMENT", "ids must be a BigInt64Array.");
  }
  const auto given = info[2].As<Napi::BigInt64Array>();
  std::vector<int64_t> ids(given.Data(), given.Data() + given.ElementLength());
  return background(
      info.Env(), control(info[4]),
      [index, path = text(info[1]), ids = std::move(ids), mapped = flag(info[3])](Task&) { index->writeForeign(path, ids, mapped); },
      [](Napi::Env env) { return env.Undefined(); });
}

/// restoreRows(handle, rows)
Napi::Value restoreRows(const Napi::CallbackInfo& info) {
  indexOf(info)->restoreRows(size(info[1]));
  return info.Env().Undefined();
}

void init(Napi::Env, Napi::Object exports) {
  static std::once_flag once;
  std::call_once(once, setUpFaiss);
  method<make>(exports, "make");
  method<read>(exports, "read");
  method<describe>(exports, "describe");
  method<ids>(exports, "ids");
  method<account>(exports, "account");
  method<add>(exports, "add");
  method<finish>(exports, "finish");
  method<overwrite>(exports, "overwrite");
  method<free>(exports, "free");
  method<nearest>(exports, "nearest");
  method<within>(exports, "within");
  method<write>(exports, "write");
  method<writeForeign>(exports, "writeForeign");
  method<restoreRows>(exports, "restoreRows");
}

}  // namespace

}  // namespace cbir::faiss_index

CBIR_ADDON(cbir::faiss_index::init)
