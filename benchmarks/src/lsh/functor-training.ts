// ITQ's training as the addon of @cbir/lsh exports it: with a given first rotation, and the losses, which the functor does not show.

import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadAddon, type NativeAddon } from '@cbir/native-kit'

export interface Training {
  readonly blocks: readonly Float32Array[]
  readonly rowsPerBlock: number
  readonly rows: number
  readonly dimensions: number
  readonly bits: number
  readonly iterations: number
  /** bits × bits: the first rotation is the orthogonal matrix closest to it. */
  readonly start: Float64Array
}

export interface TrainingAddon extends NativeAddon {
  trainItq(training: Training): Promise<{ readonly losses: Float64Array }>
}

export function trainingAddon(): TrainingAddon {
  const manifest = createRequire(import.meta.url).resolve('@cbir/lsh/package.json')
  return loadAddon<TrainingAddon>(pathToFileURL(`${dirname(manifest)}/`))
}

/** All rows of a batch in one block. */
export function oneBlock(data: Float32Array, dimensions: number): Pick<Training, 'blocks' | 'rowsPerBlock' | 'rows' | 'dimensions'> {
  const rows = data.length / dimensions
  return { blocks: [data], rowsPerBlock: rows, rows, dimensions }
}
