// The kernels compiled for plain.
#include <cbir/kernels.h>

#include <cbir/isa/plain.h>

#include "kernels.kernel.inc"

#include <cbir/isa/end.h>
