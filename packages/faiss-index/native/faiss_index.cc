// Index: making, training, filling, files. Searching is in search_*.cc.

#include "faiss_index.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>

#include <faiss/IndexIDMap.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/VectorTransform.h>
#include <faiss/clone_index.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>
#include <faiss/invlists/InvertedLists.h>

#include <cbir/error.h>
#include <cbir/huge_pages.h>
#include <cbir/kernels.h>

#include "team.h"

namespace cbir::faiss_index {

namespace {

/// Rows that are added between two looks at the abort signal.
constexpr size_t kAddBlock = 16384;
/// The same for plain vectors, which are only copied: few enough to stay in the cache.
constexpr size_t kFlatBlock = 256;

/// faiss asks this one object, from whatever thread: each answers for the task that it works for.
struct AbortCheck : faiss::InterruptCallback {
  bool want_interrupt() override {
    const auto* task = static_cast<const Task*>(teamContext());
    return task != nullptr && task->aborted();
  }
};

/// Runs work of faiss on all threads; `task` null: work that must not stop half-way. An exception of faiss after an abort is the abort.
template <class Work>
void onAllThreads(Task* task, const Work& work) {
  try {
    TeamScope scope(poolThreads(), task);
    work();
  } catch (const faiss::FaissException&) {
    if (task != nullptr) task->throwIfAborted();
    throw;
  }
}

std::unique_ptr<faiss::Index> readFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.good()) throw Error("IO_FAILED", "The file " + path + " cannot be read. Check that it is there and may be read.");
  file.close();
  try {
    return std::unique_ptr<faiss::Index>(faiss::read_index(path.c_str()));
  } catch (const faiss::FaissException& error) {
    throw Error("CORRUPT_DATA", path + " is not a whole index of faiss: " + error.what());
  } catch (const std::bad_alloc&) {
    throw Error("CORRUPT_DATA", path + " is not a whole index of faiss, or there is not enough memory for it.");
  } catch (const std::length_error&) {
    throw Error("CORRUPT_DATA", path + " is not a whole index of faiss: it names a size that no memory has.");
  }
}

void writeFile(const faiss::Index& index, const std::string& path) {
  // faiss's own message about a path that cannot be written is an abort in some builds, so the path is tried first.
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (!file.good()) throw Error("IO_FAILED", "The file " + path + " cannot be written: " + std::strerror(errno) + ".");
  file.close();
  try {
    faiss::write_index(&index, path.c_str());
  } catch (const faiss::FaissException& error) {
    throw Error("IO_FAILED", "The file " + path + " cannot be written: " + error.what());
  }
}

/// How many times more room is taken than is filled, where a system gives memory when it is written to: until then it is only addresses.
#if defined(__linux__)
constexpr size_t kRoom = 8;
#else
constexpr size_t kRoom = 2;
#endif

/// Makes room for `wanted` elements in all, and for more to come if there is so much: what is there is copied each time.
/// @throws std::bad_alloc; then nothing is changed
template <class T>
void growTo(std::vector<T>& values, size_t wanted) {
  if (wanted <= values.capacity()) return;
  std::vector<T> wider;
  try {
    wider.reserve(wanted * kRoom);
  } catch (const std::exception&) {
    wider.reserve(wanted);
  }
  wantHugePages(wider.data(), wider.capacity() * sizeof(T));
  wider.insert(wider.end(), values.begin(), values.end());
  values.swap(wider);
}

/// What the seed goes into, and fewer warnings on stderr: too few rows are our error, not a printed line.
void seedIndex(const Structure& structure, const Settings& settings) {
  const auto seedClustering = [&](faiss::ClusteringParameters& parameters) {
    parameters.seed = static_cast<int>(settings.seed & 0x7fffffff);
    parameters.min_points_per_centroid = 1;
  };
  if (structure.pq != nullptr) seedClustering(structure.pq->pq.cp);
  if (structure.hnsw != nullptr) {
    structure.hnsw->hnsw.rng = faiss::RandomGenerator(static_cast<int64_t>(settings.seed));
    structure.hnsw->hnsw.efConstruction = settings.efConstruction;
    if (auto* pq = dynamic_cast<faiss::IndexPQ*>(structure.hnsw->storage)) seedClustering(pq->pq.cp);
  }
  if (structure.ivf != nullptr) {
    seedClustering(structure.ivf->cp);
    if (auto* pq = dynamic_cast<faiss::IndexIVFPQ*>(structure.ivf)) seedClustering(pq->pq.cp);
  }
}

/// The product quantizer of an index, which an OPQ before it is to be trained for.
const faiss::ProductQuantizer* quantizerOf(const Structure& structure) {
  if (structure.pq != nullptr) return &structure.pq->pq;
  if (const auto* pq = dynamic_cast<const faiss::IndexIVFPQ*>(structure.ivf)) return &pq->pq;
  if (structure.hnsw != nullptr) {
    if (const auto* pq = dynamic_cast<const faiss::IndexPQ*>(structure.hnsw->storage)) return &pq->pq;
  }
  return nullptr;
}

/// A set of rows for faiss.
struct RowSet : faiss::IDSelector {
  explicit RowSet(size_t rows) : has(rows, false) {}
  bool is_member(int64_t id) const override { return id >= 0 && static_cast<size_t>(id) < has.size() && has[static_cast<size_t>(id)]; }
  std::vector<bool> has;
};

}  // namespace

void setUpFaiss() { faiss::InterruptCallback::instance = std::make_unique<AbortCheck>(); }

std::shared_ptr<Index> Index::make(int dimensions, const std::string& factory, Space space, const Settings& settings) {
  const auto metric = space == Space::euclidean ? faiss::METRIC_L2 : faiss::METRIC_INNER_PRODUCT;
  // LSH looks at signs alone, and faiss has it under one metric.
  const bool signs = factory.find("LSH") != std::string::npos;
  try {
    TeamScope scope(poolThreads(), nullptr);
    std::unique_ptr<faiss::Index> whole(faiss::index_factory(dimensions, factory.c_str(), signs ? faiss::METRIC_L2 : metric));
    std::shared_ptr<Index> index(new Index(std::move(whole), space, settings));
    seedIndex(index->structure_, settings);
    index->trained_ = index->whole_->is_trained;
    return index;
  } catch (const faiss::FaissException& error) {
    throw Error("INVALID_CONFIG", "faiss does not take \"" + factory + "\" for " + std::to_string(dimensions) + " dimensions: " + error.what());
  }
}

Index::Index(std::unique_ptr<faiss::Index> whole, Space space, const Settings& settings)
    : whole_(std::move(whole)), structure_(Structure::of(whole_.get())), space_(space), settings_(settings) {}

Index::~Index() = default;

std::shared_ptr<Index> Index::read(const std::string& path, Space space, const Settings& settings) {
  TeamScope scope(poolThreads(), nullptr);
  std::vector<int64_t> ids;
  bool mapped = false;
  std::unique_ptr<faiss::Index> whole = withoutIdMap(readFile(path), ids, mapped);
  std::shared_ptr<Index> index(new Index(std::move(whole), space, settings));
  checkStructure(index->structure_);
  index->ids_ = std::move(ids);
  index->trained_ = index->finished_ = true;
  index->rows_ = static_cast<size_t>(index->whole_->ntotal);
  if (index->structure_.ivf != nullptr) index->structure_.ivf->direct_map.clear();
  if (faiss::IndexHNSW* graph = index->structure_.hnsw) graph->hnsw.upper_beam = 1;
  index->mapped_ = mapped;
  if (!mapped) {
    index->ids_.resize(index->rows_);
    std::iota(index->ids_.begin(), index->ids_.end(), int64_t{0});
  }
  index->renumber();
  index->addNorms(0);
  return index;
}

/// The ids in lists become rows, in ascending order of the ids; what they were goes into ids_.
void Index::renumber() {
  if (structure_.ivf == nullptr) return;
  auto* lists = static_cast<faiss::ArrayInvertedLists*>(structure_.ivf->invlists);
  std::vector<int64_t> inside;
  inside.reserve(rows_);
  for (const auto& list : lists->ids) inside.insert(inside.end(), list.begin(), list.end());
  std::sort(inside.begin(), inside.end());
  const bool dense = inside.empty() || (inside.front() == 0 && inside.back() == static_cast<int64_t>(inside.size()) - 1);
  if (mapped_) {
    if (!dense) throw Error("CORRUPT_DATA", "The faiss index does not hold together: its IDMap does not name the vectors in its lists.");
    return;
  }
  ids_ = inside;
  if (dense) return;
  for (auto& list : lists->ids) {
    for (auto& id : list) id = std::lower_bound(inside.begin(), inside.end(), id) - inside.begin();
  }
}

void Index::restoreRows(size_t rows) {
  const bool fits = structure_.ivf != nullptr ? ids_.empty() || static_cast<size_t>(ids_.back()) < rows : rows_ == rows;
  if (!fits) throw Error("CORRUPT_DATA", "The saved faiss index does not hold the rows that its header names. Restore it from a copy or build it again.");
  if (structure_.ivf != nullptr) {
    // Our own file has rows for ids, with holes where rows were removed: back from the dense numbers to them.
    auto* lists = static_cast<faiss::ArrayInvertedLists*>(structure_.ivf->invlists);
    for (auto& list : lists->ids) {
      for (auto& id : list) id = ids_[static_cast<size_t>(id)];
    }
    rows_ = rows;
  }
  ids_.clear();
  ids_.shrink_to_fit();
}

int64_t Index::bytes() const {
  // What is written to: room for rows to come takes no memory yet.
  size_t total = (waiting_.size() + norms_.size()) * sizeof(float);
  if (const faiss::IndexFlatCodes* stored = structure_.stored()) total += stored->codes.size();
  if (structure_.hnsw != nullptr) total += structure_.hnsw->hnsw.neighbors.size() * sizeof(int);
  if (structure_.ivf != nullptr) {
    total += static_cast<size_t>(structure_.ivf->ntotal) * (structure_.ivf->code_size + sizeof(int64_t));
  }
  return static_cast<int64_t>(total);
}

const float* Index::prepared(const float* vectors, size_t count, std::vector<float>& own) const {
  const auto d = static_cast<size_t>(dimensions());
  if (space_ == Space::cosine) {
    own.assign(vectors, vectors + count * d);
    normalise(own.data(), count, d);
    vectors = own.data();
  }
  if (structure_.transform == nullptr) return vectors;
  const float* moved = structure_.transform->apply_chain(static_cast<int64_t>(count), vectors);
  if (moved == vectors) return vectors;
  std::unique_ptr<const float[]> owned(moved);
  own.assign(moved, moved + count * static_cast<size_t>(structure_.core->d));
  return own.data();
}

void Index::add(const float* vectors, size_t count, size_t following, Task& task) {
  if (trained_) {
    insert(vectors, count, following, task);
    return;
  }
  const auto d = static_cast<size_t>(dimensions());
  const size_t wanted = std::max(settings_.trainingRows, settings_.leastTrainingRows);
  growTo(waiting_, std::min(wanted * d, waiting_.size() + (count + following) * d));
  const size_t taken = std::min(count, wanted - std::min(wanted, waiting_.size() / d));
  waiting_.insert(waiting_.end(), vectors, vectors + taken * d);
  if (waiting_.size() / d < wanted) return;
  train(count - taken + following, task);
  insert(vectors + taken * d, count - taken, following, task);
}

void Index::reserve(size_t rows) {
  const faiss::IndexFlatCodes* stored = structure_.stored();
  if (stored != nullptr) growTo(const_cast<faiss::IndexFlatCodes*>(stored)->codes, rows * stored->code_size);
}

void Index::finish(Task& task) {
  if (!trained_) train(0, task);
  finished_ = true;
}

void Index::train(size_t following, Task& task) {
  const auto d = static_cast<size_t>(dimensions());
  const size_t count = waiting_.size() / d;
  if (count < settings_.leastTrainingRows) {
    throw Error("INVALID_ARGUMENT", "This index must be trained on at least " + std::to_string(settings_.leastTrainingRows) +
                                        " vectors, as it forms so many clusters, but was given " + std::to_string(count) +
                                        ". Build it from more, or choose a factory string with fewer clusters or bits.");
  }
  task.throwIfAborted();
  std::vector<float> normalised;
  const float* vectors = waiting_.data();
  if (space_ == Space::cosine) {
    normalised = waiting_;
    normalise(normalised.data(), count, d);
    vectors = normalised.data();
  }
  // OPQ is trained for the quantizer that comes after it and not for one of 8 bits.
  std::unique_ptr<faiss::ProductQuantizer> quantizer;
  faiss::OPQMatrix* rotation = nullptr;
  if (structure_.transform != nullptr) {
    for (faiss::VectorTransform* transform : structure_.transform->chain) {
      if (auto* opq = dynamic_cast<faiss::OPQMatrix*>(transform)) rotation = opq;
    }
  }
  if (const faiss::ProductQuantizer* after = quantizerOf(structure_); rotation != nullptr && after != nullptr) {
    if (after->M == static_cast<size_t>(rotation->M) && after->d == static_cast<size_t>(rotation->d_out)) {
      quantizer = std::make_unique<faiss::ProductQuantizer>(after->d, after->M, after->nbits);
      quantizer->cp = after->cp;
      rotation->pq = quantizer.get();
    }
  }
  try {
    onAllThreads(&task, [&] { whole_->train(static_cast<int64_t>(count), vectors); });
  } catch (...) {
    if (rotation != nullptr) rotation->pq = nullptr;
    throw;
  }
  if (rotation != nullptr) rotation->pq = nullptr;
  task.throwIfAborted();
  trained_ = true;
  std::vector<float> first = std::move(waiting_);
  waiting_ = {};
  normalised = {};
  insert(first.data(), count, following, task);
}

void Index::insert(const float* vectors, size_t count, size_t following, Task& task) {
  const auto d = static_cast<size_t>(dimensions());
  // A finished index is changed whole or not at all; one that is being built may be left half-way and thrown away.
  Task* stoppable = finished_ ? nullptr : &task;
  task.throwIfAborted();
  reserve(rows_ + count + following);
  std::vector<float> own;
  std::vector<int64_t> ids;
  const size_t blockRows = structure_.flat != nullptr ? kFlatBlock : kAddBlock;
  for (size_t at = 0; at < count; at += blockRows) {
    if (stoppable != nullptr) task.throwIfAborted();
    const size_t size = std::min(blockRows, count - at);
    if (structure_.flat != nullptr) {
      // Copied in one pass, and the norms are computed while the vectors are in the cache.
      const float* block = prepared(vectors + at * d, size, own);
      std::vector<uint8_t>& codes = structure_.flat->codes;
      const auto* bytes = reinterpret_cast<const uint8_t*>(block);
      codes.insert(codes.end(), bytes, bytes + size * structure_.flat->code_size);
      structure_.flat->ntotal += static_cast<int64_t>(size);
      whole_->ntotal = structure_.flat->ntotal;
      rows_ += size;
      addNorms(rows_ - size);
      task.progress(at + size, count);
      continue;
    }
    onAllThreads(stoppable, [&] {
      const float* block = prepared(vectors + at * d, size, own);
      faiss::Index& core = *structure_.core;
      if (structure_.ivf != nullptr) {
        ids.resize(size);
        std::iota(ids.begin(), ids.end(), static_cast<int64_t>(rows_));
        core.add_with_ids(static_cast<int64_t>(size), block, ids.data());
      } else {
        core.add(static_cast<int64_t>(size), block);
      }
      whole_->ntotal = core.ntotal;
    });
    rows_ += size;
    task.progress(at + size, count);
  }
}

void Index::addNorms(size_t from) {
  if (structure_.flat == nullptr) return;
  const auto d = static_cast<size_t>(structure_.flat->d);
  norms_.resize(rows_);
  const float* vectors = structure_.flat->get_xb();
  for (size_t row = from; row < rows_; row++) norms_[row] = kernels().squaredNorm(vectors + row * d, d);
}

void Index::overwrite(const uint32_t* rows, const float* vectors, size_t count, Task& task) {
  if (structure_.hnsw != nullptr) throw Error("NOT_SUPPORTED", "A graph of faiss cannot change a vector. Add the new one and leave the old one out.");
  task.throwIfAborted();
  for (size_t i = 0; i < count; i++) {
    if (rows[i] >= rows_) throw Error("INVALID_ARGUMENT", "There is no row " + std::to_string(rows[i]) + " to overwrite.");
  }
  std::vector<float> own;
  onAllThreads(nullptr, [&] {
    const float* block = prepared(vectors, count, own);
    if (structure_.ivf != nullptr) {
      free(rows, count, task);
      const std::vector<int64_t> ids(rows, rows + count);
      structure_.core->add_with_ids(static_cast<int64_t>(count), block, ids.data());
      whole_->ntotal = structure_.core->ntotal;
      return;
    }
    faiss::IndexFlatCodes& codes = *structure_.codes;
    std::vector<uint8_t> encoded(count * codes.code_size);
    codes.sa_encode(static_cast<int64_t>(count), block, encoded.data());
    for (size_t i = 0; i < count; i++) {
      std::memcpy(codes.codes.data() + rows[i] * codes.code_size, encoded.data() + i * codes.code_size, codes.code_size);
    }
  });
  if (structure_.flat != nullptr && !norms_.empty()) {
    const auto d = static_cast<size_t>(structure_.flat->d);
    for (size_t i = 0; i < count; i++) norms_[rows[i]] = kernels().squaredNorm(structure_.flat->get_xb() + rows[i] * d, d);
  }
}

void Index::free(const uint32_t* rows, size_t count, Task&) {
  if (structure_.hnsw != nullptr) throw Error("NOT_SUPPORTED", "A graph of faiss cannot let go of a vector. Use lists (IVF…) or codes, or build it again.");
  if (structure_.ivf == nullptr) return;
  RowSet set(rows_);
  for (size_t i = 0; i < count; i++) {
    if (rows[i] < rows_) set.has[rows[i]] = true;
  }
  onAllThreads(nullptr, [&] { structure_.core->remove_ids(set); });
  whole_->ntotal = structure_.core->ntotal;
}

void Index::write(const std::string& path) const { writeFile(*whole_, path); }

void Index::writeForeign(const std::string& path, const std::vector<int64_t>& ids, bool mapped) const {
  if (ids.size() != rows_) throw Error("INVALID_ARGUMENT", "There must be one id for each of the " + std::to_string(rows_) + " rows.");
  RowSet gone(rows_);
  std::vector<int64_t> kept;
  bool same = true;  // every row is there, and its id is its number
  for (size_t row = 0; row < rows_; row++) {
    gone.has[row] = ids[row] < 0;
    if (ids[row] >= 0) kept.push_back(ids[row]);
    same = same && ids[row] == static_cast<int64_t>(row);
  }
  TeamScope scope(poolThreads(), nullptr);
  const bool holes = kept.size() != rows_;
  std::unique_ptr<faiss::Index> copy;
  const faiss::Index* source = whole_.get();
  if (structure_.ivf != nullptr ? !same : holes) {
    if (structure_.hnsw != nullptr) {
      throw Error("NOT_SUPPORTED", "Vectors of this index were replaced, and a graph of faiss cannot let go of the old ones. Build it again, then write it.");
    }
    copy.reset(faiss::clone_index(whole_.get()));
    source = copy.get();
    faiss::Index* core = copy.get();
    if (auto* transform = dynamic_cast<faiss::IndexPreTransform*>(core)) core = transform->index;
    if (auto* ivf = dynamic_cast<faiss::IndexIVF*>(core)) {
      // faiss's copy of centroids in a graph is of a kind that it cannot write; ours serve for the file.
      delete ivf->quantizer;
      ivf->quantizer = structure_.ivf->quantizer;
      ivf->own_fields = false;
      // Ids where the file has no IDMap; else the vectors are numbered, and the map names them.
      std::vector<int64_t> renamed(rows_, -1);
      int64_t next = 0;
      for (size_t row = 0; row < rows_; row++) {
        if (ids[row] >= 0) renamed[row] = mapped ? next++ : ids[row];
      }
      if (holes) ivf->remove_ids(gone);
      auto* lists = static_cast<faiss::ArrayInvertedLists*>(ivf->invlists);
      for (auto& list : lists->ids) {
        for (auto& id : list) id = renamed[static_cast<size_t>(id)];
      }
    } else {
      core->remove_ids(gone);
    }
    copy->ntotal = core->ntotal;
  }
  if (!mapped) {
    writeFile(*source, path);
    return;
  }
  faiss::IndexIDMap map;
  map.d = source->d;
  map.ntotal = source->ntotal;
  map.is_trained = source->is_trained;
  map.metric_type = source->metric_type;
  map.index = const_cast<faiss::Index*>(source);
  map.own_fields = false;
  map.id_map = std::move(kept);
  writeFile(map, path);
}

}  // namespace cbir::faiss_index
