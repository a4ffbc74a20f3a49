// Structure: an index of faiss taken apart into what it is made of, and the proof that all of it holds together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <faiss/Index.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexFlatCodes.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexLSH.h>
#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexScalarQuantizer.h>

namespace cbir::faiss_index {

/// Borrowed views into one faiss index. Of the last five at least one is set: `codes` beside flat, pq, sq and lsh.
struct Structure {
  faiss::Index* whole = nullptr;
  /// Before the vectors reach `core`; null where there is none.
  faiss::IndexPreTransform* transform = nullptr;
  /// The index without wrappers.
  faiss::Index* core = nullptr;
  faiss::IndexFlatCodes* codes = nullptr;
  faiss::IndexFlat* flat = nullptr;
  faiss::IndexPQ* pq = nullptr;
  faiss::IndexLSH* lsh = nullptr;
  faiss::IndexHNSW* hnsw = nullptr;
  faiss::IndexIVF* ivf = nullptr;

  /// Takes an index apart. @throws NOT_SUPPORTED for kinds that the adapter does not know
  static Structure of(faiss::Index* whole);

  /// The centroids of `ivf` as plain vectors.
  const faiss::IndexFlat* centroids() const;
  /// The codes that hold the vectors, of `codes` or of the graph; null for `ivf`.
  const faiss::IndexFlatCodes* stored() const;
};

/// The factory string of an index whose structure was checked, without IDMap. A rotation is RR in it, whether OPQ made it or chance.
std::string factoryOf(const Structure& structure);

/// Takes IDMap wrappers away; the ids that they held come into `ids`, one per vector, and `mapped` says whether there were any.
/// @throws CORRUPT_DATA, NOT_SUPPORTED
std::unique_ptr<faiss::Index> withoutIdMap(std::unique_ptr<faiss::Index> index, std::vector<int64_t>& ids, bool& mapped);

/// Proves every size, code, link, id and number of an index that came from a file. @throws CORRUPT_DATA, NOT_SUPPORTED
void checkStructure(const Structure& structure);

}  // namespace cbir::faiss_index
