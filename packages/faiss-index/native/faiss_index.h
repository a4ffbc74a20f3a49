// Index: one index of faiss over the rows 0, 1, 2, …; distances in and out are core's. Nothing of this knows JavaScript.
//
// Whoever calls sees to it that nothing else runs while add, finish, overwrite or free do; searches run beside each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <cbir/bitmap.h>
#include <cbir/neighbours.h>
#include <cbir/task.h>

#include "space.h"
#include "structure.h"

namespace cbir::faiss_index {

/// Lets faiss ask whether the work that its thread does was aborted. Called once, before anything else.
void setUpFaiss();

struct Settings {
  uint64_t seed = 1234;
  int efConstruction = 40;
  /// Rows that are kept to train on; training begins when so many are there.
  size_t trainingRows = 0;
  /// Rows that training needs at least.
  size_t leastTrainingRows = 0;
};

/// Values for one search.
struct Tuning {
  /// Lists that are looked into; all where it is more.
  size_t nprobe = 1;
  /// Candidates in the graph.
  size_t efSearch = 16;
  /// Every row is looked at, whatever the others say.
  bool everything = false;
};

/// A search that was made ready: run its phases one after the other, each over its [0, n) on as many threads as there are, then `finish`.
struct Search {
  struct Phase {
    size_t n;
    size_t grain;
    Range body;
  };
  std::vector<Phase> phases;
  std::function<void()> finish;
  Neighbours found;
};

class Index {
 public:
  /// An index without rows. `factory` was checked by src/factory-string.ts. @throws INVALID_CONFIG where faiss does not take it
  static std::shared_ptr<Index> make(int dimensions, const std::string& factory, Space space, const Settings& settings);
  /// From a file of faiss; everything in it is checked. Its ids come into `ids` by row, and the file's rows are in their order in the index.
  /// @throws CORRUPT_DATA, NOT_SUPPORTED, IO_FAILED
  static std::shared_ptr<Index> read(const std::string& path, Space space, const Settings& settings);
  ~Index();

  int dimensions() const { return structure_.whole->d; }
  /// Rows that there ever were: the next one's number.
  size_t rows() const { return rows_ + waiting_.size() / static_cast<size_t>(dimensions()); }
  int64_t bytes() const;
  /// Whether rows are added by copying them and no more.
  bool onlyCopies() const { return trained_ && structure_.flat != nullptr && structure_.transform == nullptr; }
  bool usesInnerProduct() const { return structure_.whole->metric_type != 1; }
  const std::vector<int64_t>& ids() const { return ids_; }
  std::string factory() const { return factoryOf(structure_); }
  /// Whether the file that it was read from had an IDMap.
  bool mapped() const { return mapped_; }

  /// Adds rows behind the last one; `following` more are known to come. Before the training they wait; it begins by itself where `trainingRows` wait.
  /// @throws Aborted; then the index is good for nothing but to be thrown away if it had not been finished
  void add(const float* vectors, size_t count, size_t following, Task& task);
  /// Trains with what waits, if it is not trained. @throws INVALID_ARGUMENT: too few rows
  void finish(Task& task);
  /// Puts vectors in the place of rows (`codes` and `ivf` only).
  void overwrite(const uint32_t* rows, const float* vectors, size_t count, Task& task);
  /// Takes rows out of the lists (`ivf`); elsewhere the caller leaves them out of every search.
  void free(const uint32_t* rows, size_t count, Task& task);

  /// The `k` closest rows of each query among those of `allow` (null: all). `queries` and `allow` must live until the search has run.
  std::unique_ptr<Search> nearest(const float* queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const;
  /// Every row at a distance of at most `radius`.
  std::unique_ptr<Search> within(const float* queries, size_t count, float radius, const Bitmap* allow, const Tuning& tuning) const;

  /// Writes what `read` reads, with rows for ids. @throws IO_FAILED
  void write(const std::string& path) const;
  /// Writes a file for others. `ids[row]` is the row's id, −1 for a row that is not written. `mapped` puts an IDMap around the index.
  void writeForeign(const std::string& path, const std::vector<int64_t>& ids, bool mapped) const;
  /// After `read` of our own file: every row it names is below `rows`. @throws CORRUPT_DATA
  void restoreRows(size_t rows);

 private:
  Index(std::unique_ptr<faiss::Index> whole, Space space, const Settings& settings);

  /// Vectors as `core` stores them: of length 1 for cosine, transformed. `own` keeps what had to be made.
  const float* prepared(const float* vectors, size_t count, std::vector<float>& own) const;
  void reserve(size_t rows);
  void train(size_t following, Task& task);
  void insert(const float* vectors, size_t count, size_t following, Task& task);
  void renumber();
  void addNorms(size_t from);

  std::unique_ptr<Search> scanFlat(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow) const;
  std::unique_ptr<Search> searchCodes(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow) const;
  std::unique_ptr<Search> searchGraph(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const;
  std::unique_ptr<Search> searchLists(std::vector<float> queries, size_t count, size_t k, const Bitmap* allow, const Tuning& tuning) const;

  std::unique_ptr<faiss::Index> whole_;
  Structure structure_;
  Space space_;
  Settings settings_;
  bool trained_ = false;
  bool finished_ = false;
  bool mapped_ = false;
  size_t rows_ = 0;
  /// Vectors that wait for the training.
  std::vector<float> waiting_;
  /// Σx² of the rows of a flat index.
  std::vector<float> norms_;
  std::vector<int64_t> ids_;
};

}  // namespace cbir::faiss_index
