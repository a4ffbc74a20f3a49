// Spotify's annoylib, as it comes in a package of others: its parts that compute are used as they are, nothing of it prints or owns memory here.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace cbir::annoy {
/// In the place of annoylib's printing.
inline void keepQuiet(...) {}
}  // namespace cbir::annoy

#define __ERROR_PRINTER_OVERRIDE__ ::cbir::annoy::keepQuiet
#define NO_MANUAL_VECTORIZATION
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif
#include "annoy-node/annoy/src/kissrandom.h"
#include "annoy-node/annoy/src/annoylib.h"
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
