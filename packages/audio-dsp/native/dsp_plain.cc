// The kernels of transforms compiled for plain.
#include "dsp_kernels.h"

#include <cbir/isa/plain.h>

#include "lanes.kernel.inc"
#include "passes.kernel.inc"
#include "frames.kernel.inc"
#include "rows.kernel.inc"
#include "levels.kernel.inc"
#include "dsp_table.inc"

#include <cbir/isa/end.h>
