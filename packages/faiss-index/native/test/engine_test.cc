// The engine without JavaScript, for a sanitizer: every kind of index made, filled, trained, asked, changed, written and read, and damaged files.
//
// A damaged file is read by this program again in a process of its own, as the package does with files of others: faiss's reader, which no
// sanitizer has seen the inside of, may die of it. What passed that reader by itself must be refused or answered by our code, and not end it.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <faiss/index_io.h>

#include <cbir/error.h>
#include <cbir/kernels.h>

#include "../faiss_index.h"

extern char** environ;

using namespace cbir;
using namespace cbir::faiss_index;

namespace {

constexpr size_t kDimensions = 16;
constexpr size_t kRows = 600;
/// What training needs for 256 centroids of a part.
constexpr size_t kTrainingRows = 300;
/// Of each kind of index; a process each.
constexpr int kDamagedFiles = 16;

std::mt19937 random_(7);
int failures_ = 0;
std::string now_;  // what is tested

void check(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s: %s\n", now_.c_str(), what.c_str());
  failures_++;
}

/// The code of the error that `work` throws; "none" where it throws none.
template <class Work>
std::string codeOf(const Work& work) {
  try {
    work();
  } catch (const Aborted&) {
    return "ABORTED";
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

std::vector<float> vectors(size_t count, size_t dimensions = kDimensions) {
  std::vector<float> data(count * dimensions);
  for (float& x : data) x = static_cast<float>(random_() % 2001) / 1000.0f - 1.0f;
  return data;
}

/// The pool's threads where there is a task, else this one alone.
Neighbours run(std::unique_ptr<Search> search, Task* task) {
  for (const Search::Phase& phase : search->phases) {
    if (task != nullptr) {
      task->parallel(phase.n, phase.grain, phase.body);
    } else if (phase.n > 0) {
      phase.body(0, phase.n, 0);
    }
  }
  search->finish();
  return std::move(search->found);
}

/// What holds for every answer, whatever the index.
bool possible(const Neighbours& found, size_t queries, size_t rows, const Bitmap* allow) {
  if (found.offsets.size() != queries + 1 || found.rows.size() != found.distances.size() || found.offsets.back() != found.rows.size()) return false;
  for (size_t q = 0; q < queries; q++) {
    for (size_t i = found.offsets[q]; i < found.offsets[q + 1]; i++) {
      if (found.rows[i] >= rows || (allow != nullptr && !allow->has(found.rows[i])) || std::isnan(found.distances[i])) return false;
      if (i > found.offsets[q] && found.distances[i] < found.distances[i - 1]) return false;
    }
  }
  return true;
}

bool same(const Neighbours& a, const Neighbours& b) { return a.offsets == b.offsets && a.rows == b.rows && a.distances == b.distances; }

const Tuning kFew{4, 40, false};
const Tuning kEverything{1, 16, true};

struct Kind {
  const char* factory;
  Space space;
  bool exact;   // everything is asked: then its answers are those of a scan
  bool mapped;  // an IDMap is around it in its file
};

const char* nameOf(Space space) { return space == Space::euclidean ? "euclidean" : space == Space::cosine ? "cosine" : "inner product"; }

float distanceBetween(Space space, const float* a, const float* b) {
  double product = 0, normA = 0, normB = 0, squared = 0;
  for (size_t i = 0; i < kDimensions; i++) {
    product += static_cast<double>(a[i]) * b[i];
    normA += static_cast<double>(a[i]) * a[i];
    normB += static_cast<double>(b[i]) * b[i];
    squared += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  }
  if (space == Space::euclidean) return static_cast<float>(std::sqrt(squared));
  return static_cast<float>(space == Space::cosine ? 1 - product / std::sqrt(normA * normB) : -product);
}

/// An index and what should be in it.
struct Case {
  Kind kind;
  std::shared_ptr<Index> index;
  std::vector<float> data;
  std::vector<bool> gone;
  Task task{nullptr};

  bool graph() const { return std::strstr(kind.factory, "HNSW") != nullptr; }
  bool lists() const { return std::strstr(kind.factory, "IVF") != nullptr; }

  Neighbours nearest(const std::vector<float>& queries, size_t k, const Bitmap* allow, const Tuning& tuning, bool pool) {
    return run(index->nearest(queries.data(), queries.size() / kDimensions, k, allow, tuning), pool ? &task : nullptr);
  }
  Neighbours within(const std::vector<float>& queries, float radius, const Bitmap* allow, const Tuning& tuning) {
    return run(index->within(queries.data(), queries.size() / kDimensions, radius, allow, tuning), &task);
  }

  /// The distances of all rows that may be found, ascending.
  std::vector<float> truth(const float* query, const Bitmap* allow) const {
    std::vector<float> all;
    for (size_t row = 0; row < gone.size(); row++) {
      if (!gone[row] && (allow == nullptr || allow->has(row))) all.push_back(distanceBetween(kind.space, query, &data[row * kDimensions]));
    }
    std::sort(all.begin(), all.end());
    return all;
  }

  void ask(const std::vector<float>& queries, const Bitmap* allow) {
    const size_t count = queries.size() / kDimensions;
    for (const Tuning& tuning : {kFew, kEverything}) {
      const Neighbours batch = nearest(queries, 10, allow, tuning, true);
      check(possible(batch, count, index->rows(), allow), "an answer that can be, of nearest");
      check(same(batch, nearest(queries, 10, allow, tuning, false)), "one thread answers as many do");
      for (size_t q = 0; q < count; q += 5) {
        const std::vector<float> query(&queries[q * kDimensions], &queries[(q + 1) * kDimensions]);
        const Neighbours single = nearest(query, 10, allow, tuning, q % 2 == 0);
        check(possible(single, 1, index->rows(), allow), "an answer that can be, of nearest for one query");
        const std::vector<float> expected = truth(query.data(), allow);
        const size_t wanted = std::min<size_t>(10, expected.size());
        if (tuning.everything) check(single.rows.size() == wanted, "as many as there are");
        if (!kind.exact || !tuning.everything) continue;
        for (size_t i = 0; i < std::min(wanted, single.distances.size()); i++) {
          check(std::abs(single.distances[i] - expected[i]) < 1e-3f, "the distances of a scan, for one query");
          check(std::abs(batch.distances[batch.offsets[q] + i] - expected[i]) < 1e-3f, "the distances of a scan, for a batch");
        }
        const float radius = expected.empty() ? 0 : expected[std::min<size_t>(20, expected.size() - 1)];
        const Neighbours near = within(query, radius + 1e-3f, allow, tuning);
        check(possible(near, 1, index->rows(), allow) && near.rows.size() >= std::min<size_t>(21, expected.size()), "within finds what is there");
      }
      check(nearest(queries, index->rows(), allow, tuning, true).offsets.size() == count + 1, "as many neighbours as there are rows");
      for (const float radius : {-1.0f, 0.0f, 0.5f, std::numeric_limits<float>::infinity()}) {
        check(possible(within(queries, radius, allow, tuning), count, index->rows(), allow), "an answer that can be, of within");
      }
    }
  }

  void askAll(const std::vector<float>& queries) {
    // Rows that were taken out of lists are not found; elsewhere the caller leaves them out.
    std::vector<uint8_t> bits((gone.size() + 7) / 8);
    for (size_t row = 0; row < gone.size(); row++) bits[row >> 3] |= static_cast<uint8_t>(gone[row] ? 0 : 1 << (row & 7));
    const Bitmap there{bits.data(), bits.size() * 8};
    const bool holes = std::find(gone.begin(), gone.end(), true) != gone.end();
    ask(queries, holes && !lists() ? &there : nullptr);
    std::vector<uint8_t> some = bits;
    for (uint8_t& byte : some) byte &= static_cast<uint8_t>(random_());
    const Bitmap half{some.data(), some.size() * 8};
    ask(queries, &half);
    // A filter from before rows were added has fewer bits than there are rows.
    const std::vector<uint8_t> first(bits.begin(), bits.begin() + 10);
    const Bitmap shorter{first.data(), first.size() * 8};
    ask(queries, &shorter);
    const uint8_t none = 0;
    const Bitmap empty{&none, 0};
    check(nearest(queries, 5, &empty, kEverything, true).rows.empty(), "an empty filter lets nothing be found");
  }
};

Settings settings() {
  Settings settings;
  settings.trainingRows = settings.leastTrainingRows = kTrainingRows;
  return settings;
}

void fill(Case& one) {
  one.index = Index::make(kDimensions, one.kind.factory, one.kind.space, settings());
  one.data = vectors(kRows);
  one.gone.assign(kRows, false);
  size_t at = 0;
  for (const size_t count : {1, 2, 250, 147, 200}) {
    // Once more is said to come than does.
    const size_t following = count == 250 ? 1000 : count == 147 ? 200 : 0;
    one.index->add(&one.data[at * kDimensions], count, following, one.task);
    at += count;
    check(one.index->rows() == at, "rows are counted");
  }
  one.index->finish(one.task);
  check(one.index->rows() == kRows && one.index->bytes() > 0, "finished");
}

void change(Case& one) {
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < kRows; row += 7) rows.push_back(row);
  const std::vector<float> other = vectors(rows.size());
  const auto overwrite = [&] { one.index->overwrite(rows.data(), other.data(), rows.size(), one.task); };
  const auto free = [&] { one.index->free(rows.data(), rows.size(), one.task); };
  if (one.graph() && !one.lists()) {
    check(codeOf(overwrite) == "NOT_SUPPORTED" && codeOf(free) == "NOT_SUPPORTED", "a graph changes no row");
    return;
  }
  overwrite();
  for (size_t i = 0; i < rows.size(); i++) std::copy_n(&other[i * kDimensions], kDimensions, &one.data[rows[i] * kDimensions]);
  one.askAll(vectors(21));
  for (uint32_t& row : rows) row = std::min<uint32_t>(row + 3, kRows - 1);
  free();
  for (const uint32_t row : rows) one.gone[row] = true;
  one.askAll(vectors(21));
  const uint32_t beyond = kRows;
  check(codeOf([&] { one.index->overwrite(&beyond, other.data(), 1, one.task); }) == "INVALID_ARGUMENT", "a row that is not there");
}

void abort(Case& one) {
  struct Stop final : Control {
  } stop;
  stop.abort();
  Task stopped(&stop);
  const std::vector<float> more = vectors(50);
  check(codeOf([&] { one.index->add(more.data(), 50, 0, stopped); }) == "ABORTED", "an aborted addition");
  check(one.index->rows() == one.gone.size(), "an aborted addition adds nothing");
  const auto fresh = Index::make(kDimensions, one.kind.factory, one.kind.space, settings());
  const std::string code = codeOf([&] {
    fresh->add(one.data.data(), kRows, 0, stopped);
    fresh->finish(stopped);
  });
  check(code == "ABORTED", "an aborted build");
  // And what comes after a whole build.
  one.index->add(more.data(), 50, 0, one.task);
  one.data.insert(one.data.end(), more.begin(), more.end());
  one.gone.resize(one.gone.size() + 50, false);
}

std::string readAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void damage(std::string& bytes) {
  const size_t kind = random_() % 5;
  if (kind == 0) bytes.resize(random_() % bytes.size());
  if (kind == 1) bytes += std::string(1 + random_() % 64, static_cast<char>(random_()));
  if (kind == 2 || kind == 3) {
    const size_t within = kind == 3 ? std::min<size_t>(200, bytes.size()) : bytes.size();
    for (size_t i = 1 + random_() % (kind == 3 ? 3 : 64); i > 0; i--) bytes[random_() % within] ^= static_cast<char>(1 + random_() % 255);
  }
  if (kind == 4) {
    // A number as sizes, links and ids are: small, negative or huge.
    const int64_t values[] = {0, 1, -1, 255, 65537, int64_t{1} << 31, int64_t{1} << 40, std::numeric_limits<int64_t>::max()};
    const size_t size = random_() % 2 == 0 ? 4 : 8;
    std::memcpy(&bytes[random_() % (bytes.size() - 8)], &values[random_() % 8], size);
  }
}

/// How a process of this program ended that was to prove a file.
enum Verdict { answered = 10, refused = 11, wrong = 12 };
constexpr char kPassed[] = "faiss read it\n";

/// In the process of its own. @returns a verdict
int prove(const std::string& path, Space space) {
  setUpFaiss();
  alarm(60);
  // faiss's reader by itself. What it read is not freed: it may be in pieces, and ours is read below.
  try {
    if (faiss::read_index(path.c_str()) == nullptr) return refused;
  } catch (const std::exception&) {
    return refused;
  }
  std::fputs(kPassed, stdout);
  std::fflush(stdout);
  try {
    Task task(nullptr);
    const std::shared_ptr<Index> index = Index::read(path, space, Settings{});
    index->factory();
    const size_t rows = index->rows();
    const std::vector<float> queries = vectors(8, static_cast<size_t>(index->dimensions()));
    for (const Tuning& tuning : {Tuning{1, 16, false}, Tuning{1 << 24, 64, true}}) {
      if (rows == 0) continue;
      if (!possible(run(index->nearest(queries.data(), 8, std::min<size_t>(10, rows), nullptr, tuning), nullptr), 8, rows, nullptr)) return wrong;
      if (!possible(run(index->within(queries.data(), 8, 1, nullptr, tuning), nullptr), 8, rows, nullptr)) return wrong;
    }
    // As what was read is used: more is added, and it is written again.
    index->add(queries.data(), 8, 0, task);
    if (index->rows() != rows + 8) return wrong;
    const Neighbours after = run(index->nearest(queries.data(), 8, 1, nullptr, kEverything), nullptr);
    if (!possible(after, 8, rows + 8, nullptr)) return wrong;
    index->write(path + ".again");
    return answered;
  } catch (const Error&) {
    return refused;
  }
}

struct Proof {
  int verdict;  // −1: it died
  bool passed;  // faiss's own reader
  std::string words;
};

Proof proveApart(const std::string& path, Space space, const std::string& folder) {
  const std::string out = folder + "/stdout", err = folder + "/stderr", number = std::to_string(static_cast<int>(space));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  char self[] = "/proc/self/exe", command[] = "prove";
  char* const arguments[] = {self, command, const_cast<char*>(path.c_str()), const_cast<char*>(number.c_str()), nullptr};
  pid_t child = 0;
  int status = 0;
  const bool ran = posix_spawn(&child, self, &actions, nullptr, arguments, environ) == 0 && waitpid(child, &status, 0) == child;
  posix_spawn_file_actions_destroy(&actions);
  const int code = ran && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return {code == answered || code == refused || code == wrong ? code : -1, !ran || readAll(out) == kPassed, readAll(err)};
}

void damagedFiles(const Case& one, const std::string& whole, const std::string& folder) {
  const std::string path = folder + "/damaged";
  int refusals = 0, answers = 0, deaths = 0;
  const auto proveBytes = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return proveApart(path, one.kind.space, folder);
  };
  const Proof undamaged = proveBytes(whole);
  check(undamaged.verdict == answered, "a whole file is answered from: " + undamaged.words);
  for (int i = 0; i < kDamagedFiles; i++) {
    std::string bytes = whole;
    damage(bytes);
    const Proof proof = proveBytes(bytes);
    refusals += proof.verdict == refused;
    answers += proof.verdict == answered;
    deaths += proof.verdict < 0;
    check(proof.verdict != wrong, "a damaged file gives answers that cannot be");
    if (proof.verdict < 0 && proof.passed) check(false, "damaged file " + std::to_string(i) + " ended the process behind faiss's reader: " + proof.words);
  }
  std::printf("%s: of %d damaged files %d refused, %d answered from, %d ended faiss's reader\n", now_.c_str(), kDamagedFiles, refusals, answers, deaths);
  std::fflush(stdout);
  check(refusals > 0, "damaged files are refused");
}

void files(Case& one, const std::string& folder) {
  const std::string path = folder + "/whole";
  const std::vector<float> queries = vectors(25);
  const size_t rows = one.index->rows();
  // Our own file: rows for ids.
  one.index->write(path);
  Case again{one.kind, Index::read(path, one.kind.space, settings()), one.data, one.gone};
  again.index->restoreRows(rows);
  check(again.index->rows() == rows, "the rows come back");
  for (const Tuning& tuning : {kFew, kEverything}) {
    check(same(one.nearest(queries, 10, nullptr, tuning, true), again.nearest(queries, 10, nullptr, tuning, true)), "what was read answers as before");
    check(same(one.within(queries, 0.9f, nullptr, tuning), again.within(queries, 0.9f, nullptr, tuning)), "what was read answers as before, within");
  }
  check(codeOf([&] { Index::read(path, one.kind.space, settings())->restoreRows(rows - 9); }) == "CORRUPT_DATA", "a header with fewer rows");
  again.askAll(queries);
  const std::vector<float> more = vectors(30);
  again.index->add(more.data(), 30, 0, again.task);
  check(again.index->rows() == rows + 30, "what was read can be added to");

  // A file for others, whose ids are no rows.
  std::vector<int64_t> ids(rows);
  std::vector<int64_t> kept;
  const bool anyIds = one.kind.mapped || one.lists();
  for (size_t row = 0; row < rows; row++) {
    ids[row] = one.gone[row] ? -1 : anyIds ? static_cast<int64_t>(1000 + 3 * row) : static_cast<int64_t>(kept.size());
    if (ids[row] >= 0) kept.push_back(ids[row]);
  }
  one.index->writeForeign(path, ids, one.kind.mapped);
  const auto foreign = Index::read(path, one.kind.space, settings());
  check(foreign->mapped() == one.kind.mapped && foreign->rows() == kept.size() && foreign->ids() == kept, "a file for others has its ids");
  damagedFiles(one, readAll(path), folder);
  check(codeOf([&] { Index::read(folder + "/none", one.kind.space, settings()); }) == "IO_FAILED", "no file");
  check(codeOf([&] { one.index->write(folder + "/none/none"); }) == "IO_FAILED", "no folder");
}

void everything(const Kind& kind, const std::string& folder) {
  now_ = std::string(kind.mapped ? "IDMap," : "") + kind.factory + " " + nameOf(kind.space);
  Case one{kind, nullptr, {}, {}};
  fill(one);
  one.askAll(vectors(21));
  change(one);
  abort(one);
  one.askAll(vectors(300));
  // Queries at the ends of the range of floats, and none.
  std::vector<float> extreme(3 * kDimensions, 3e38f);
  for (size_t i = 0; i < kDimensions; i++) extreme[i] = 0;
  for (size_t i = kDimensions; i < 2 * kDimensions; i++) extreme[i] = i % 2 == 0 ? 1e-40f : -3e38f;
  check(possible(one.nearest(extreme, 10, nullptr, kEverything, true), 3, one.index->rows(), nullptr), "an answer that can be, at the ends of floats");
  check(one.nearest({}, 10, nullptr, kFew, true).rows.empty(), "no queries, no answers");
  files(one, folder);
}

void misuse() {
  now_ = "misuse";
  Task task(nullptr);
  const std::vector<float> few = vectors(20);
  check(codeOf([] { Index::make(kDimensions, "Nonsense", Space::euclidean, settings()); }) == "INVALID_CONFIG", "a factory string that faiss does not know");
  const auto index = Index::make(kDimensions, "IVF16,Flat", Space::euclidean, settings());
  index->add(few.data(), 20, 0, task);
  check(codeOf([&] { index->finish(task); }) == "INVALID_ARGUMENT", "too few rows to train on");
  check(codeOf([&] { index->nearest(few.data(), 1, 1, nullptr, kFew); }) == "INVALID_ARGUMENT", "asked before it was trained");
  const auto flat = Index::make(kDimensions, "Flat", Space::euclidean, settings());
  check(codeOf([&] { flat->nearest(few.data(), 1, 1, nullptr, kFew); }) == "INVALID_ARGUMENT", "asked without rows");
}

}  // namespace

int main(int count, char** arguments) {
  // Without a look for leaks: a reader of faiss that throws leaves what it had read.
  if (count == 4 && std::string(arguments[1]) == "prove") _exit(prove(arguments[2], static_cast<Space>(std::atoi(arguments[3]))));
  setUpFaiss();
  std::string folder = std::filesystem::temp_directory_path().string() + "/faiss-engine-test-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  misuse();
  for (const Kind& kind : {
           Kind{"Flat", Space::euclidean, true, false},
           Kind{"Flat", Space::innerProduct, true, true},
           Kind{"IVF16,Flat", Space::euclidean, true, false},
           Kind{"IVF16,Flat", Space::cosine, true, true},
           Kind{"IVF16,PQ4x8np", Space::euclidean, false, false},
           Kind{"OPQ4,IVF16,PQ4x8np", Space::innerProduct, false, false},
           Kind{"SQ8", Space::cosine, false, false},
           Kind{"HNSW16,Flat", Space::euclidean, true, false},
           Kind{"LSH", Space::cosine, false, false},
       }) {
    everything(kind, folder);
  }
  std::filesystem::remove_all(folder);
  std::printf("%d failures\n", failures_);
  return failures_ == 0 ? 0 : 1;
}
