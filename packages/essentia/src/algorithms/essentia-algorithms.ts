// Essentia's algorithms that a loader offers.

import type { AlgorithmTable } from './algorithm-description.ts'
import { bands } from './bands.ts'
import { levels } from './levels.ts'
import { rhythm } from './rhythm.ts'
import { spectral } from './spectral.ts'
import { tonal } from './tonal.ts'

/** By Essentia's names. */
export const ESSENTIA_ALGORITHMS: AlgorithmTable = { ...bands, ...levels, ...rhythm, ...spectral, ...tonal }
