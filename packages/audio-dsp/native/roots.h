// Roots of unity, cos and sin of 2πk/n, to about half an ulp of double. No math library: WebAssembly has none, and the values are the same everywhere.
#pragma once
#include <stdint.h>

namespace cbir::dsp {

struct Root {
  double cos, sin;
};

// e^(2πi·k/n) for n < 2³². The angle is brought into the first eighth of the circle in integers, where Taylor's series is short.
inline Root rootOfUnity(uint64_t k, uint64_t n) {
  k %= n;
  // Quarter turns, then the nearest multiple of one: |rest| ≤ n/8 of 8·rest/n.
  const uint64_t quarter = (8 * k + n) / (2 * n);
  const int64_t rest = static_cast<int64_t>(4 * k) - static_cast<int64_t>(quarter * n);
  // x = (π/2)·rest/n, as high + low: π/2 in two doubles, and the error of the quotient.
  const double ratio = static_cast<double>(rest) / static_cast<double>(n);
  const double halfPi = 1.57079632679489655800, halfPiLow = 6.12323399573676603587e-17;
  // Dekker's product of halfPi and ratio, and what the division left over.
  const double split = 134217729.0;
  const double ah = split * halfPi - (split * halfPi - halfPi), al = halfPi - ah;
  const double bh = split * ratio - (split * ratio - ratio), bl = ratio - bh;
  const double x = halfPi * ratio;
  const double nh = split * static_cast<double>(n) - (split * static_cast<double>(n) - static_cast<double>(n));
  const double nl = static_cast<double>(n) - nh;
  const double back = ratio * static_cast<double>(n);
  const double backError = ((bh * nh - back) + bh * nl + bl * nh) + bl * nl;
  const double ratioLow = ((static_cast<double>(rest) - back) - backError) / static_cast<double>(n);
  const double low = ((ah * bh - x) + ah * bl + al * bh) + al * bl + halfPiLow * ratio + halfPi * ratioLow;
  const double z = x * x;
  double s = 0, c = 0;
  // (−1)^j z^j / (2j + 1)! and / (2j)!, from the smallest term on.
  for (int j = 9; j >= 1; j--) {
    s = -(z / ((2.0 * j) * (2.0 * j + 1.0))) * (1.0 + s);
    c = -(z / ((2.0 * j - 1.0) * (2.0 * j))) * (1.0 + c);
  }
  const double cosine = 1.0 + (c - x * low);
  const double sine = x + (x * s + low * (1.0 - 0.5 * z));
  switch (quarter & 3) {
    case 0: return {cosine, sine};
    case 1: return {-sine, cosine};
    case 2: return {-cosine, -sine};
    default: return {sine, -cosine};
  }
}

}  // namespace cbir::dsp
