// OpenBLAS has no threads of its own here: it would start them when the addon is loaded, and they would run against ours. Its settings are
// answered in place of its file openblas_env.c, and large products of matrices are shared out over the team of the thread that asks.

#include "team.h"

#include <algorithm>

extern "C" {

// What openblas_env.c would read from the environment. All of its functions are here, so that the linker leaves the file out.
int openblas_verbose() { return 0; }
unsigned openblas_thread_timeout() { return 0; }
int openblas_block_factor() { return 0; }
int openblas_num_threads_env() { return 1; }
int openblas_goto_num_threads_env() { return 0; }
int openblas_omp_num_threads_env() { return 0; }
int openblas_omp_adaptive_env() { return 0; }
void openblas_read_env() {}

int __real_sgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const float* alpha, const float* a,
                  const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);

/// sgemm_ (the linker's --wrap puts it in the place of OpenBLAS's): C's columns or rows in as many parts as the team has threads.
int __wrap_sgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const float* alpha, const float* a,
                  const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc) {
  const unsigned threads = cbir::faiss_index::teamThreads();
  const double work = static_cast<double>(*m) * *n * *k;
  if (threads == 1 || work < 1e6) return __real_sgemm_(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  const bool byColumns = *n >= *m;
  const long whole = byColumns ? *n : *m;
  const bool plainA = *transA == 'N' || *transA == 'n';
  const bool plainB = *transB == 'N' || *transB == 'n';
  const unsigned parts = static_cast<unsigned>(std::min<long>(threads, whole));
  cbir::faiss_index::inTeam(parts, [&](unsigned part) {
    const long from = whole * part / parts;
    const int size = static_cast<int>(whole * (part + 1) / parts - from);
    if (byColumns) {
      const float* ownB = b + (plainB ? from * *ldb : from);
      __real_sgemm_(transA, transB, m, &size, k, alpha, a, lda, ownB, ldb, beta, c + from * *ldc, ldc);
    } else {
      const float* ownA = a + (plainA ? from : from * *lda);
      __real_sgemm_(transA, transB, &size, n, k, alpha, ownA, lda, b, ldb, beta, c + from, ldc);
    }
  });
  return 0;
}

}  // extern "C"
