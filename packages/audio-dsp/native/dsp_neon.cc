// The kernels of transforms compiled for neon.
#include <cbir/cpu.h>
#if CBIR_ARM64
#include "dsp_kernels.h"

#include <cbir/isa/neon.h>

#include "lanes.kernel.inc"
#include "passes.kernel.inc"
#include "frames.kernel.inc"
#include "rows.kernel.inc"
#include "levels.kernel.inc"
#include "dsp_table.inc"

#include <cbir/isa/end.h>
#endif
