// The kernels of transforms compiled for avx2.
#include <cbir/cpu.h>
#if CBIR_X86
#include "dsp_kernels.h"

#include <cbir/isa/avx2.h>

#include "lanes.kernel.inc"
#include "passes.kernel.inc"
#include "frames.kernel.inc"
#include "rows.kernel.inc"
#include "levels.kernel.inc"
#include "dsp_table.inc"

#include <cbir/isa/end.h>
#endif
