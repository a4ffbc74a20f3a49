// The kernels of training and hashing compiled for the platform's baseline.
#include "functor_kernels.h"

#include <cbir/isa/plain.h>

#include "itq.kernel.inc"
#include "linear.kernel.inc"
#include "functor_table.inc"

#include <cbir/isa/end.h>
