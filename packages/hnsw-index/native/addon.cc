// The N-API side of the HNSW index: arguments in, answers out. All work is done by Graph and GraphFile.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cbir/addon.h>
#include <cbir/bitmap.h>
#include <cbir/metric.h>
#include <cbir/neighbours.h>

#include "graph.h"
#include "graph_file.h"

using namespace cbir;
using hnsw::Graph;
using hnsw::GraphFile;
using hnsw::GraphFileLabels;
using hnsw::GraphFileWants;
using hnsw::LoadedGraph;
using hnsw::Settings;

namespace {

Napi::Value undefined(Napi::Env env) { return env.Undefined(); }

// { metric, dimensions, M, efConstruction, seed, codes, reproducible }
Settings settingsOf(Napi::Value value) {
  if (!value.IsObject()) throw Error("INVALID_ARGUMENT", "The settings of a graph were expected.");
  const Napi::Object given = value.As<Napi::Object>();
  Settings settings;
  settings.metric = metricOf(text(given.Get("metric")));
  settings.dimensions = size(given.Get("dimensions"));
  settings.M = size(given.Get("M"));
  settings.efConstruction = size(given.Get("efConstruction"));
  settings.seed = size(given.Get("seed"));
  settings.codes = flag(given.Get("codes"));
  settings.reproducible = flag(given.Get("reproducible"));
  return settings;
}

// create(settings) → handle
Napi::Value create(const Napi::CallbackInfo& info) {
  const Settings settings = settingsOf(info[0]);
  if (settings.dimensions == 0) throw Error("INVALID_ARGUMENT", "Vectors have at least one dimension.");
  return wrap(info.Env(), std::make_shared<Graph>(settings));
}

// account(handle, complete): for the garbage collector, what is behind it
Napi::Value account(const Napi::CallbackInfo& info) {
  accountBytes(info[0], static_cast<int64_t>(unwrap<Graph>(info[0])->bytes()), flag(info[1]));
  return info.Env().Undefined();
}

// append(handle, vectors, count, following, control)
Napi::Value append(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  const size_t count = size(info[2]);
  const Floats vectors = floats(info[1], count * graph->space().dimensions());
  return background(
      info.Env(), control(info[4]), [graph, vectors, count, following = std::min<size_t>(size(info[3]), UINT32_MAX)](Task& task) {
        graph->append(vectors.data, count, following, task);
      }, undefined);
}

// overwrite(handle, rows, vectors, control)
Napi::Value overwrite(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  if (!info[1].IsTypedArray()) throw Error("INVALID_ARGUMENT", "An array of rows was expected.");
  const size_t count = info[1].As<Napi::TypedArray>().ElementLength();
  const Uints32 rows = uints32(info[1], count);
  const Floats vectors = floats(info[2], count * graph->space().dimensions());
  return background(
      info.Env(), control(info[3]), [=](Task& task) { graph->overwrite(rows.data, vectors.data, count, task); }, undefined);
}

// makeCodes(handle, control)
Napi::Value makeCodes(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  return background(info.Env(), control(info[1]), [graph](Task& task) { graph->makeCodes(task); }, undefined);
}

// search(handle, queries, count, k, ef, allow | undefined, scan, grain, now, control) → { rows, distances, offsets }
Napi::Value search(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  const size_t dimensions = graph->space().dimensions();
  const size_t count = size(info[2]);
  const size_t k = std::min(size(info[3]), graph->rows());
  const size_t ef = size(info[4]);
  const bool filtered = !info[5].IsUndefined();
  const bool scan = flag(info[6]);
  const bool now = flag(info[8]);
  const Floats queries = floats(info[1], count * dimensions, !now);
  const Bytes allow = filtered ? bytes(info[5], !now) : Bytes{};
  const auto by = control(info[9]);

  struct Answer {
    Neighbours found;
    std::vector<uint32_t> counts;
  };
  const auto answer = std::make_shared<Answer>();
  answer->found = Neighbours::fixed(count, k);
  answer->counts.resize(count);
  const auto body = [=](size_t begin, size_t end, unsigned) {
    const Bitmap bitmap{allow.data, allow.length * 8};
    const Bitmap* const only = filtered ? &bitmap : nullptr;
    for (size_t i = begin; i < end; i++) {
      const float* const query = queries.data + i * dimensions;
      uint32_t* const rows = answer->found.rows.data() + i * k;
      float* const distances = answer->found.distances.data() + i * k;
      answer->counts[i] = static_cast<uint32_t>(scan ? graph->scan(query, k, only, rows, distances, by.get())
                                                     : graph->search(query, k, ef, only, rows, distances));
    }
  };
  const auto last = [answer, k] { answer->found.shrink(answer->counts, k); };
  if (now) {
    body(0, count, 0);
    last();
    return toShortAnswer(info.Env(), std::move(answer->found));
  }
  return parallel(
      info.Env(), by, false, count, std::max<size_t>(1, size(info[7])), body,
      [answer](Napi::Env env) { return toRowNeighbours(env, std::move(answer->found)); }, last);
}

// vectors(handle, from, to) → the vectors of these rows
Napi::Value vectors(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  const size_t from = size(info[1]);
  const size_t to = size(info[2]);
  if (from > to || to > graph->rows()) throw Error("INVALID_ARGUMENT", "There are no such rows.");
  const size_t dimensions = graph->space().dimensions();
  std::vector<float> copy((to - from) * dimensions);
  for (size_t row = from; row < to; row++) std::copy_n(graph->vector(row), dimensions, copy.begin() + static_cast<std::ptrdiff_t>((row - from) * dimensions));
  return toFloat32Array(info.Env(), std::move(copy));
}

// facts(handle) → { rows, nodes, dimensions, M, efConstruction }
Napi::Value facts(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("rows", Napi::Number::New(info.Env(), static_cast<double>(graph->rows())));
  object.Set("nodes", Napi::Number::New(info.Env(), static_cast<double>(graph->nodes())));
  object.Set("dimensions", Napi::Number::New(info.Env(), static_cast<double>(graph->settings().dimensions)));
  object.Set("M", Napi::Number::New(info.Env(), static_cast<double>(graph->settings().M)));
  object.Set("efConstruction", Napi::Number::New(info.Env(), static_cast<double>(graph->settings().efConstruction)));
  return object;
}

// write(handle, path, live, labels (uint64 each, as bytes) | undefined, normalized, control)
Napi::Value writeFile(const Napi::CallbackInfo& info) {
  const auto graph = unwrap<Graph>(info[0]);
  const std::string path = text(info[1]);
  const Bytes live = bytes(info[2]);
  const bool labelled = !info[3].IsUndefined();
  const Bytes labels = labelled ? bytes(info[3]) : Bytes{};
  if (labelled && (labels.length != graph->rows() * sizeof(uint64_t) || reinterpret_cast<uintptr_t>(labels.data) % alignof(uint64_t) != 0)) {
    throw Error("INVALID_ARGUMENT", "There must be one label for each row.");
  }
  const bool normalized = flag(info[4]);
  return background(
      info.Env(), control(info[5]),
      [=](Task& task) {
        const GraphFileLabels given{labelled ? reinterpret_cast<const uint64_t*>(labels.data) : nullptr, Bitmap{live.data, live.length * 8}};
        GraphFile::write(*graph, path, given, normalized, task);
      },
      undefined);
}

// read(path, settings, rows | 0, normalized, control) → { handle, labels (uint64 each, as bytes), deleted }
Napi::Value readFile(const Napi::CallbackInfo& info) {
  const std::string path = text(info[0]);
  GraphFileWants wants;
  wants.settings = settingsOf(info[1]);
  wants.rows = size(info[2]);
  wants.normalized = flag(info[3]);
  const auto loaded = std::make_shared<LoadedGraph>();
  return background(
      info.Env(), control(info[4]), [=](Task& task) { *loaded = GraphFile::read(path, wants, task); },
      [loaded](Napi::Env env) -> Napi::Value {
        Napi::Object object = Napi::Object::New(env);
        object.Set("handle", wrap(env, loaded->graph, static_cast<int64_t>(loaded->graph->bytes())));
        std::vector<uint8_t> labels(loaded->labels.size() * sizeof(uint64_t));
        if (!labels.empty()) std::memcpy(labels.data(), loaded->labels.data(), labels.size());
        object.Set("labels", toUint8Array(env, std::move(labels)));
        object.Set("deleted", toUint32Array(env, std::move(loaded->deleted)));
        return object;
      });
}

void init(Napi::Env, Napi::Object exports) {
  method<create>(exports, "create");
  method<account>(exports, "account");
  method<append>(exports, "append");
  method<overwrite>(exports, "overwrite");
  method<makeCodes>(exports, "makeCodes");
  method<search>(exports, "search");
  method<vectors>(exports, "vectors");
  method<facts>(exports, "facts");
  method<writeFile>(exports, "write");
  method<readFile>(exports, "read");
}

}  // namespace

CBIR_ADDON(init)
