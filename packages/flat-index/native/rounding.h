// Bounds of rounding errors: what makes an approximate sum a proof of where the exact one is.
//
// u = 2⁻²⁴ is half the distance of neighbouring floats, relatively. A sum of which each term goes through at most m roundings is
// off by at most γ(m) Σ|terms|, γ(m) = m·u / (1 − m·u) (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., ch. 3),
// however it is ordered; where results are subnormal, each rounding is off by at most 2⁻¹⁵⁰ more.
#pragma once
#include <cmath>
#include <cstddef>
#include <limits>

namespace cbir::flat {

constexpr double unitRoundoff = 0x1p-24;

// γ(m), or infinity where m roundings can make anything of a number.
inline double gammaOf(double roundings) {
  const double mu = roundings * unitRoundoff;
  return mu < 0.1 ? mu / (1 - mu) : std::numeric_limits<double>::infinity();
}

// Roundings of a term of sums (scan.kernel.inc): partial sums in at least 8 lanes (two vectors of 4), their addition, and the term itself.
inline double scanRoundings(size_t n) { return static_cast<double>(n) / 8 + 40; }

// Roundings of a term of `tiles` (matrix.kernel.inc): one partial sum, term after term.
inline double tileRoundings(size_t n) { return static_cast<double>(n) + 40; }

// What n terms can lose by underflow, several times over.
inline double underflow(size_t n) { return static_cast<double>(n + 64) * 0x1p-147; }

// The least float that is not below x; infinity from a quarter of float's range on, so that what overflowed is never taken for a bound.
inline float roundUp(double x) {
  if (!(x < 0x1p126)) return std::numeric_limits<float>::infinity();
  const float near = static_cast<float>(x);
  return static_cast<double>(near) < x ? std::nextafter(near, std::numeric_limits<float>::infinity()) : near;
}

// The greatest float that is not above x.
inline float roundDown(double x) { return -roundUp(-x); }

}  // namespace cbir::flat
