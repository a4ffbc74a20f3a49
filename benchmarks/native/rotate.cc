// Rotates files of float32 rows by one random orthogonal matrix: rotate <dimensions> <seed> (<input> <output>)…

#include <cmath>
#include <cstdint>
#include <cstring>

#include "peer.h"

namespace {

/** xorshift64*, so that the matrix is the same with every standard library. */
struct Random {
  uint64_t state;
  double uniform() {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (double((state * 0x2545F4914F6CDD1DULL) >> 11) + 0.5) / 9007199254740992.0;
  }
  double gaussian() { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); }
};

/** Rows orthonormal: Gaussian numbers, orthogonalised twice in double precision (Gram–Schmidt). */
std::vector<float> orthogonal(size_t n, uint64_t seed) {
  Random random{seed * 2654435761u + 88172645463325252ULL};
  std::vector<double> rows(n * n);
  for (double& x : rows) x = random.gaussian();
  for (size_t i = 0; i < n; i++) {
    double* row = &rows[i * n];
    for (int pass = 0; pass < 2; pass++)
      for (size_t j = 0; j < i; j++) {
        const double* other = &rows[j * n];
        double product = 0;
        for (size_t d = 0; d < n; d++) product += row[d] * other[d];
        for (size_t d = 0; d < n; d++) row[d] -= product * other[d];
      }
    double norm = 0;
    for (size_t d = 0; d < n; d++) norm += row[d] * row[d];
    for (size_t d = 0; d < n; d++) row[d] /= std::sqrt(norm);
  }
  return std::vector<float>(rows.begin(), rows.end());
}

/** out = in × matrix, four rows at a time, so that a row of the matrix is loaded once for four. */
void multiply(const float* in, float* out, size_t rows, size_t n, const float* matrix) {
  std::memset(out, 0, rows * n * sizeof(float));
  size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    float *a = out + i * n, *b = a + n, *c = b + n, *d = c + n;
    for (size_t j = 0; j < n; j++) {
      const float* row = matrix + j * n;
      const float* x = in + i * n + j;
      const float xa = x[0], xb = x[n], xc = x[2 * n], xd = x[3 * n];
      if (xa == 0 && xb == 0 && xc == 0 && xd == 0) continue;
#pragma GCC ivdep
      for (size_t t = 0; t < n; t++) {
        a[t] += xa * row[t];
        b[t] += xb * row[t];
        c[t] += xc * row[t];
        d[t] += xd * row[t];
      }
    }
  }
  for (; i < rows; i++)
    for (size_t j = 0; j < n; j++)
      for (size_t t = 0; t < n; t++) out[i * n + t] += in[i * n + j] * matrix[j * n + t];
}

}  // namespace

int main(int count, char** words) {
  size_t n = std::stoull(words[1]);
  std::vector<float> matrix = orthogonal(n, std::stoull(words[2]));
  for (int i = 3; i + 1 < count; i += 2) {
    std::vector<float> in = peer::readFloats(words[i]);
    std::vector<float> out(in.size());
    size_t rows = in.size() / n;
    unsigned threads = std::max(1u, std::thread::hardware_concurrency());
    peer::onThreads(threads, [&](unsigned thread) {
      size_t from = rows * thread / threads, to = rows * (thread + 1) / threads;
      multiply(in.data() + from * n, out.data() + from * n, to - from, n, matrix.data());
    });
    std::ofstream file(words[i + 1], std::ios::binary);
    file.write(reinterpret_cast<const char*>(out.data()), std::streamsize(out.size() * sizeof(float)));
    if (!file) return 1;
  }
  return 0;
}
