// The two functions of the Fortran runtime that LAPACK inside OpenBLAS calls, so that libgfortran need not be installed.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <ctime>

extern "C" {

/// to = a // b, cut or filled up with blanks to its length.
void _gfortran_concat_string(std::size_t length, char* to, std::size_t lengthA, const char* a, std::size_t lengthB, const char* b) {
  const std::size_t fromA = std::min(length, lengthA);
  std::memcpy(to, a, fromA);
  const std::size_t fromB = std::min(length - fromA, lengthB);
  std::memcpy(to + fromA, b, fromB);
  std::memset(to + fromA + fromB, ' ', length - fromA - fromB);
}

/// Seconds of CPU time: user and system in `parts`, their sum in `total`. Only LAPACK's own timing routines ask.
void _gfortran_etime(float* parts, float* total) {
  parts[0] = static_cast<float>(static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
  parts[1] = 0;
  *total = parts[0];
}

}  // extern "C"
