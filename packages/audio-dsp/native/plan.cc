// Plans, compiled for the baseline: they are made once for a length.
#include "plan.inc"
