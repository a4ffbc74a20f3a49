// The kernels of transforms compiled for avx512.
#include <cbir/cpu.h>
#if CBIR_X86
#include "dsp_kernels.h"

#include <cbir/isa/avx512.h>

#include "lanes.kernel.inc"
#include "passes.kernel.inc"
#include "frames.kernel.inc"
#include "rows.kernel.inc"
#include "levels.kernel.inc"
#include "dsp_table.inc"

#include <cbir/isa/end.h>
#endif
