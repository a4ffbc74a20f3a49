// Structure: see structure.h. What is checked here is all that faiss's search, add and remove rely on without looking.

#include "structure.h"

#include <cmath>
#include <cstring>
#include <typeinfo>
#include <unordered_set>

#include <faiss/IndexIDMap.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/VectorTransform.h>
#include <faiss/invlists/InvertedLists.h>

#include <cbir/error.h>

namespace cbir::faiss_index {

namespace {

[[noreturn]] void corrupt(const std::string& what) {
  throw Error("CORRUPT_DATA", "The faiss index does not hold together: " + what + ". Write it again or restore it from a copy.");
}

void need(bool holds, const char* what) {
  if (!holds) corrupt(what);
}

[[noreturn]] void unknown(const std::string& what) {
  throw Error("NOT_SUPPORTED", "The faiss index has " + what +
                                   ", which @cbir/faiss-index cannot use. It uses Flat, SQ, PQ, LSH, HNSW and IVF over these, with IDMap and "
                                   "with OPQ, PCA, RR and Pad before them.");
}

template <class T>
bool is(const faiss::Index* index) {
  return index != nullptr && typeid(*index) == typeid(T);
}

void needFinite(const float* values, size_t count, const char* what) {
  for (size_t i = 0; i < count; i++) {
    if (!std::isfinite(values[i])) corrupt(std::string(what) + " holds NaN or Infinity");
  }
}

/// A bool that was read as a byte may be neither 0 nor 1, and such a bool must not be used.
void needBool(const bool& value, const char* what) {
  unsigned char byte;
  std::memcpy(&byte, &value, 1);
  need(byte <= 1, what);
}

/// The number in an enum that came from a file: one that the enum does not have may not be read as the enum.
template <class Enum>
int numberIn(const Enum& value) {
  static_assert(sizeof(Enum) == sizeof(int), "faiss's enums are ints in its files");
  int number;
  std::memcpy(&number, &value, sizeof number);
  return number;
}

bool product(size_t a, size_t b, size_t& result) { return !__builtin_mul_overflow(a, b, &result); }

void needSize(size_t size, size_t count, size_t each, const char* what) {
  size_t wanted;
  need(product(count, each, wanted) && size == wanted, what);
}

void checkHeader(const faiss::Index& index, int dimensions, faiss::MetricType metric) {
  need(index.d == dimensions, "its parts disagree about the dimensions");
  need(index.ntotal >= 0 && index.ntotal < (int64_t{1} << 31), "its number of vectors");
  needBool(index.is_trained, "whether it is trained");
  need(index.is_trained, "it is not trained");
  need(numberIn(index.metric_type) == metric, "its parts disagree about the metric");
}

void checkLinear(const faiss::LinearTransform& linear, int in, int out) {
  need(linear.d_in == in && linear.d_out == out && in > 0 && out > 0, "the dimensions of a transform");
  needBool(linear.have_bias, "a flag of a transform");
  needSize(linear.A.size(), static_cast<size_t>(in), static_cast<size_t>(out), "the size of a transform's matrix");
  need(!linear.have_bias || linear.b.size() == static_cast<size_t>(out), "the size of a transform's offset");
  needFinite(linear.A.data(), linear.A.size(), "a transform");
  needFinite(linear.b.data(), linear.b.size(), "a transform");
}

void checkTransform(const faiss::VectorTransform& transform, int in) {
  need(transform.d_in == in && transform.d_out > 0 && transform.d_out <= (1 << 20), "the dimensions of a transform");
  needBool(transform.is_trained, "whether a transform is trained");
  need(transform.is_trained, "a transform is not trained");
  if (typeid(transform) == typeid(faiss::RemapDimensionsTransform)) {
    const auto& remap = static_cast<const faiss::RemapDimensionsTransform&>(transform);
    need(remap.map.size() == static_cast<size_t>(transform.d_out), "the size of a transform's map");
    for (const int from : remap.map) need(from >= -1 && from < in, "a transform's map");
  } else if (typeid(transform) == typeid(faiss::LinearTransform) || typeid(transform) == typeid(faiss::PCAMatrix) ||
             typeid(transform) == typeid(faiss::RandomRotationMatrix) || typeid(transform) == typeid(faiss::OPQMatrix)) {
    checkLinear(static_cast<const faiss::LinearTransform&>(transform), in, transform.d_out);
  } else {
    unknown("a transform of another kind");
  }
}

void checkScalarQuantizer(const faiss::ScalarQuantizer& sq, int dimensions, size_t codeSize) {
  const auto d = static_cast<size_t>(dimensions);
  need(sq.d == d, "the dimensions of its scalar quantizer");
  size_t trained = 0;
  size_t bits = 8;
  switch (numberIn(sq.qtype)) {
    case faiss::ScalarQuantizer::QT_8bit:
      trained = 2 * d;
      break;
    case faiss::ScalarQuantizer::QT_6bit:
      trained = 2 * d;
      bits = 6;
      break;
    case faiss::ScalarQuantizer::QT_4bit:
      trained = 2 * d;
      bits = 4;
      break;
    case faiss::ScalarQuantizer::QT_fp16:
      bits = 16;
      break;
    default:
      unknown("a scalar quantizer of another kind");
  }
  need(sq.trained.size() == trained, "what its scalar quantizer was trained to");
  needFinite(sq.trained.data(), sq.trained.size(), "the scalar quantizer");
  need(sq.bits == bits && sq.code_size == (d * bits + 7) / 8 && codeSize == sq.code_size, "the size of its codes");
}

void checkProductQuantizer(const faiss::ProductQuantizer& pq, int dimensions, size_t codeSize, size_t mostBits) {
  const auto d = static_cast<size_t>(dimensions);
  need(pq.d == d && pq.M > 0 && pq.M <= d && d % pq.M == 0 && pq.dsub == d / pq.M, "the parts of its product quantizer");
  need(pq.nbits >= 1 && pq.nbits <= mostBits && pq.ksub == size_t{1} << pq.nbits, "the bits of its product quantizer");
  need(pq.code_size == (pq.nbits * pq.M + 7) / 8 && codeSize == pq.code_size, "the size of its codes");
  needSize(pq.centroids.size(), d, pq.ksub, "the centroids of its product quantizer");
  needFinite(pq.centroids.data(), pq.centroids.size(), "the product quantizer");
}

/// Codes of single vectors, one after the other.
void checkCodes(const faiss::IndexFlatCodes& index) {
  needSize(index.codes.size(), static_cast<size_t>(index.ntotal), index.code_size, "the size of its codes");
  if (is<faiss::IndexFlat>(&index) || is<faiss::IndexFlatL2>(&index) || is<faiss::IndexFlatIP>(&index)) {
    need(index.code_size == sizeof(float) * static_cast<size_t>(index.d), "the size of its vectors");
    needFinite(reinterpret_cast<const float*>(index.codes.data()), index.codes.size() / sizeof(float), "a vector");
  } else if (is<faiss::IndexScalarQuantizer>(&index)) {
    checkScalarQuantizer(static_cast<const faiss::IndexScalarQuantizer&>(index).sq, index.d, index.code_size);
  } else if (is<faiss::IndexPQ>(&index)) {
    const auto& pq = static_cast<const faiss::IndexPQ&>(index);
    checkProductQuantizer(pq.pq, index.d, index.code_size, 16);
    need(pq.search_type == faiss::IndexPQ::ST_PQ, "its way of searching is not the one by tables of distances");
  } else if (is<faiss::IndexLSH>(&index)) {
    const auto& lsh = static_cast<const faiss::IndexLSH&>(index);
    need(lsh.nbits > 0 && index.code_size == (static_cast<size_t>(lsh.nbits) + 7) / 8, "the size of its codes");
    needBool(lsh.rotate_data, "a flag");
    needBool(lsh.train_thresholds, "a flag");
    if (lsh.train_thresholds) unknown("an LSH with trained thresholds");
    if (lsh.rotate_data) {
      checkLinear(lsh.rrot, index.d, lsh.nbits);
    } else {
      need(lsh.nbits <= index.d, "more bits than dimensions");
    }
  } else {
    unknown("a storage of another kind");
  }
  // What a code stands for must be numbers too (float16 codes can be NaN).
  if (is<faiss::IndexScalarQuantizer>(&index)) {
    std::vector<float> decoded(static_cast<size_t>(index.d));
    for (int64_t i = 0; i < index.ntotal; i++) {
      index.sa_decode(1, index.codes.data() + static_cast<size_t>(i) * index.code_size, decoded.data());
      needFinite(decoded.data(), decoded.size(), "a vector");
    }
  }
}

void checkGraph(const faiss::IndexHNSW& index) {
  const faiss::HNSW& graph = index.hnsw;
  const auto rows = static_cast<size_t>(index.ntotal);
  const auto& perLevel = graph.cum_nneighbor_per_level;
  need(!perLevel.empty() && perLevel[0] == 0 && perLevel.size() <= 1024, "the numbers of links of its graph");
  for (size_t i = 1; i < perLevel.size(); i++) {
    need(perLevel[i] >= perLevel[i - 1] && perLevel[i] < (1 << 20), "the numbers of links of its graph");
  }
  need(perLevel.size() > 1 && perLevel[1] > 0, "the numbers of links of its graph");
  need(!graph.assign_probas.empty() && graph.assign_probas.size() < perLevel.size(), "the levels of its graph");
  for (const double share : graph.assign_probas) need(std::isfinite(share) && share >= 0 && share <= 1, "the levels of its graph");
  need(graph.levels.size() == rows && graph.offsets.size() == rows + 1 && graph.offsets[0] == 0, "the size of its graph");
  int highest = -1;
  for (size_t i = 0; i < rows; i++) {
    const int levels = graph.levels[i];
    need(levels >= 1 && static_cast<size_t>(levels) < perLevel.size(), "a level of its graph");
    need(graph.offsets[i + 1] >= graph.offsets[i] &&
             graph.offsets[i + 1] - graph.offsets[i] == static_cast<size_t>(perLevel[static_cast<size_t>(levels)]),
         "a place in its graph");
    highest = std::max(highest, levels - 1);
  }
  need(graph.neighbors.size() == graph.offsets[rows], "the number of links of its graph");
  need(graph.max_level == highest, "the highest level of its graph");
  need(graph.efConstruction >= 1 && graph.efConstruction <= (1 << 20), "efConstruction of its graph");
  if (rows == 0) {
    need(graph.entry_point == -1, "the entry point of its graph");
    return;
  }
  need(graph.entry_point >= 0 && static_cast<size_t>(graph.entry_point) < rows &&
           graph.levels[static_cast<size_t>(graph.entry_point)] == highest + 1,
       "the entry point of its graph");
  for (size_t i = 0; i < rows; i++) {
    for (int level = 0; level < graph.levels[i]; level++) {
      const size_t begin = graph.offsets[i] + static_cast<size_t>(perLevel[static_cast<size_t>(level)]);
      const size_t end = graph.offsets[i] + static_cast<size_t>(perLevel[static_cast<size_t>(level) + 1]);
      for (size_t j = begin; j < end; j++) {
        const int other = graph.neighbors[j];
        // -1 ends a list. A link on a level leads to a row that has that level.
        need(other >= -1 && (other < 0 || (static_cast<size_t>(other) < rows && graph.levels[static_cast<size_t>(other)] > level)),
             "a link of its graph");
      }
    }
  }
}

void checkHnsw(const faiss::IndexHNSW& index) {
  need(index.storage != nullptr, "its graph has no vectors");
  checkHeader(*index.storage, index.d, index.metric_type);
  need(index.storage->ntotal == index.ntotal, "its graph and its vectors differ in number");
  const auto* stored = dynamic_cast<const faiss::IndexFlatCodes*>(index.storage);
  if (stored == nullptr || is<faiss::IndexLSH>(stored)) unknown("a graph over a storage of another kind");
  if (is<faiss::IndexPQ>(stored)) need(index.metric_type == faiss::METRIC_L2, "a graph over product quantizers has only squared distances");
  checkCodes(*stored);
  checkGraph(index);
}

void checkIvf(const faiss::IndexIVF& index, const faiss::IndexFlat* centroids) {
  need(index.nlist > 0 && index.nlist < (size_t{1} << 31), "its number of lists");
  const faiss::Index& quantizer = *index.quantizer;
  checkHeader(quantizer, index.d, index.metric_type);
  need(static_cast<size_t>(quantizer.ntotal) == index.nlist, "the number of its centroids");
  if (const auto* graph = dynamic_cast<const faiss::IndexHNSW*>(&quantizer)) {
    checkHnsw(*graph);
  } else {
    checkCodes(*centroids);
  }
  if (is<faiss::IndexIVFFlat>(&index)) {
    need(index.code_size == sizeof(float) * static_cast<size_t>(index.d), "the size of its vectors");
  } else if (is<faiss::IndexIVFScalarQuantizer>(&index)) {
    const auto& sq = static_cast<const faiss::IndexIVFScalarQuantizer&>(index);
    needBool(sq.by_residual, "a flag");
    checkScalarQuantizer(sq.sq, index.d, index.code_size);
  } else {
    const auto& pq = static_cast<const faiss::IndexIVFPQ&>(index);
    needBool(pq.by_residual, "a flag");
    checkProductQuantizer(pq.pq, index.d, index.code_size, 8);
  }
  const auto* lists = dynamic_cast<const faiss::ArrayInvertedLists*>(index.invlists);
  if (lists == nullptr || typeid(*lists) != typeid(faiss::ArrayInvertedLists)) unknown("inverted lists of another kind");
  need(lists->nlist == index.nlist && lists->code_size == index.code_size, "the shape of its lists");
  need(lists->ids.size() == index.nlist && lists->codes.size() == index.nlist, "the number of its lists");
  size_t total = 0;
  std::unordered_set<int64_t> seen;
  std::vector<float> decoded(static_cast<size_t>(index.d));
  for (size_t list = 0; list < index.nlist; list++) {
    needSize(lists->codes[list].size(), lists->ids[list].size(), index.code_size, "the size of a list");
    total += lists->ids[list].size();
    for (const int64_t id : lists->ids[list]) {
      need(id >= 0, "a negative id");
      if (!seen.insert(id).second) corrupt("the id " + std::to_string(id) + " stands in it twice");
    }
    const uint8_t* codes = lists->codes[list].data();
    if (is<faiss::IndexIVFFlat>(&index)) {
      needFinite(reinterpret_cast<const float*>(codes), lists->codes[list].size() / sizeof(float), "a vector");
    } else if (is<faiss::IndexIVFScalarQuantizer>(&index)) {
      const auto& sq = static_cast<const faiss::IndexIVFScalarQuantizer&>(index).sq;
      for (size_t i = 0; i < lists->ids[list].size(); i++) {
        sq.decode(codes + i * index.code_size, decoded.data(), 1);
        needFinite(decoded.data(), decoded.size(), "a vector");
      }
    }
  }
  need(total == static_cast<size_t>(index.ntotal), "the number of vectors in its lists");
}

void moveIds(std::vector<int64_t>& map, std::vector<int64_t>& ids, bool& mapped, int64_t total) {
  if (mapped) unknown("one IDMap inside another");
  need(map.size() == static_cast<size_t>(total), "the number of its ids");
  ids = std::move(map);
  mapped = true;
  std::unordered_set<int64_t> seen;
  for (const int64_t id : ids) {
    if (!seen.insert(id).second) corrupt("the id " + std::to_string(id) + " stands in it twice");
  }
}

/// What an IDMap is around, or null where there is none.
faiss::Index* takeOut(faiss::Index* index, std::vector<int64_t>& ids, bool& mapped) {
  auto* map = dynamic_cast<faiss::IndexIDMap*>(index);
  if (map == nullptr) return nullptr;
  if (map->index == nullptr) corrupt("an IDMap around nothing");
  moveIds(map->id_map, ids, mapped, map->index->ntotal);
  map->own_fields = false;
  faiss::Index* inner = map->index;
  map->index = nullptr;
  return inner;
}

}  // namespace

std::unique_ptr<faiss::Index> withoutIdMap(std::unique_ptr<faiss::Index> index, std::vector<int64_t>& ids, bool& mapped) {
  mapped = false;
  if (faiss::Index* inner = takeOut(index.get(), ids, mapped)) {
    index.reset(inner);
  }
  if (auto* transform = dynamic_cast<faiss::IndexPreTransform*>(index.get())) {
    if (faiss::Index* inner = takeOut(transform->index, ids, mapped)) {
      delete transform->index;
      transform->index = inner;
      need(transform->ntotal == inner->ntotal, "its parts disagree about the number of vectors");
    }
  }
  return index;
}

namespace {

std::string codeName(const faiss::ScalarQuantizer& sq) {
  switch (sq.qtype) {
    case faiss::ScalarQuantizer::QT_4bit:
      return "SQ4";
    case faiss::ScalarQuantizer::QT_6bit:
      return "SQ6";
    case faiss::ScalarQuantizer::QT_fp16:
      return "SQfp16";
    default:
      return "SQ8";
  }
}

std::string codeName(const faiss::ProductQuantizer& pq, bool bits) {
  return "PQ" + std::to_string(pq.M) + (bits ? "x" + std::to_string(pq.nbits) : "");
}

std::string codeName(const faiss::Index* index, bool bits) {
  if (const auto* sq = dynamic_cast<const faiss::IndexScalarQuantizer*>(index)) return codeName(sq->sq);
  if (const auto* pq = dynamic_cast<const faiss::IndexPQ*>(index)) return codeName(pq->pq, bits);
  if (const auto* sq = dynamic_cast<const faiss::IndexIVFScalarQuantizer*>(index)) return codeName(sq->sq);
  if (const auto* pq = dynamic_cast<const faiss::IndexIVFPQ*>(index)) return codeName(pq->pq, bits);
  return "Flat";
}

/// Half of the links on the lowest level, which is what the levels above have.
std::string linksOf(const faiss::IndexHNSW& index) { return std::to_string(index.hnsw.cum_nneighbor_per_level[1] / 2); }

}  // namespace

std::string factoryOf(const Structure& structure) {
  std::string text;
  if (structure.transform != nullptr) {
    for (const faiss::VectorTransform* transform : structure.transform->chain) {
      const bool pads = typeid(*transform) == typeid(faiss::RemapDimensionsTransform);
      const bool pca = typeid(*transform) == typeid(faiss::PCAMatrix);
      text += (pads ? "Pad" : pca ? "PCA" : "RR") + std::to_string(transform->d_out) + ",";
    }
  }
  if (structure.lsh != nullptr) return text + (structure.lsh->rotate_data ? "LSHr" : "LSH");
  if (structure.hnsw != nullptr) return text + "HNSW" + linksOf(*structure.hnsw) + "," + codeName(structure.hnsw->storage, false);
  if (structure.ivf != nullptr) {
    text += "IVF" + std::to_string(structure.ivf->nlist);
    if (const auto* graph = dynamic_cast<const faiss::IndexHNSW*>(structure.ivf->quantizer)) text += "_HNSW" + linksOf(*graph);
    return text + "," + codeName(structure.ivf, true);
  }
  return text + codeName(structure.codes, true);
}

Structure Structure::of(faiss::Index* whole) {
  Structure found;
  found.whole = whole;
  found.core = whole;
  if (is<faiss::IndexPreTransform>(whole)) {
    found.transform = static_cast<faiss::IndexPreTransform*>(whole);
    found.core = found.transform->index;
    if (found.core == nullptr) corrupt("a transform before nothing");
  }
  faiss::Index* core = found.core;
  if (is<faiss::IndexFlat>(core) || is<faiss::IndexFlatL2>(core) || is<faiss::IndexFlatIP>(core)) {
    found.flat = static_cast<faiss::IndexFlat*>(core);
  } else if (is<faiss::IndexPQ>(core)) {
    found.pq = static_cast<faiss::IndexPQ*>(core);
  } else if (is<faiss::IndexLSH>(core)) {
    found.lsh = static_cast<faiss::IndexLSH*>(core);
  } else if (is<faiss::IndexHNSWFlat>(core) || is<faiss::IndexHNSWPQ>(core) || is<faiss::IndexHNSWSQ>(core)) {
    found.hnsw = static_cast<faiss::IndexHNSW*>(core);
  } else if (is<faiss::IndexIVFFlat>(core) || is<faiss::IndexIVFScalarQuantizer>(core) || is<faiss::IndexIVFPQ>(core)) {
    found.ivf = static_cast<faiss::IndexIVF*>(core);
    if (found.ivf->quantizer == nullptr) corrupt("no centroids");
    if (found.centroids() == nullptr) unknown("centroids of another kind");
  } else if (!is<faiss::IndexScalarQuantizer>(core)) {
    unknown(std::string("a part of the kind ") + typeid(*core).name());
  }
  found.codes = dynamic_cast<faiss::IndexFlatCodes*>(core);
  return found;
}

const faiss::IndexFlat* Structure::centroids() const {
  const faiss::Index* quantizer = ivf->quantizer;
  if (is<faiss::IndexHNSWFlat>(quantizer)) quantizer = static_cast<const faiss::IndexHNSW*>(quantizer)->storage;
  return dynamic_cast<const faiss::IndexFlat*>(quantizer);
}

const faiss::IndexFlatCodes* Structure::stored() const {
  if (hnsw != nullptr) return dynamic_cast<const faiss::IndexFlatCodes*>(hnsw->storage);
  return codes;
}

void checkStructure(const Structure& structure) {
  const faiss::Index& whole = *structure.whole;
  need(whole.d >= 1 && whole.d <= (1 << 20), "its dimensions");
  const int metric = numberIn(whole.metric_type);
  need(metric == faiss::METRIC_L2 || metric == faiss::METRIC_INNER_PRODUCT, "its metric is neither L2 nor inner product");
  checkHeader(whole, whole.d, whole.metric_type);
  if (structure.transform != nullptr) {
    int dimensions = whole.d;
    for (const faiss::VectorTransform* transform : structure.transform->chain) {
      checkTransform(*transform, dimensions);
      dimensions = transform->d_out;
    }
    checkHeader(*structure.core, dimensions, whole.metric_type);
    need(structure.core->ntotal == whole.ntotal, "its parts disagree about the number of vectors");
  }
  if (structure.ivf != nullptr) {
    checkIvf(*structure.ivf, structure.centroids());
  } else if (structure.hnsw != nullptr) {
    checkHnsw(*structure.hnsw);
  } else {
    checkCodes(*structure.codes);
  }
}

}  // namespace cbir::faiss_index
