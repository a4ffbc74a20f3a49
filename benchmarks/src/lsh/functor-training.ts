// ITQ's training as the addon of @cbir/lsh exports it: with a given basis or first rotation, and the losses, which the functor does not show.

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
  /** bits rows of dimensions; the principal components where absent. */
  readonly basis?: Float64Array | undefined
}

export interface Trained {
  readonly matrix: Float32Array
  readonly thresholds: Float64Array
  readonly losses: Float64Array
}

export interface TrainingAddon extends NativeAddon {
  trainItq(training: Training): Promise<Trained>
  createProjection(
    settings: { readonly dimensions: number; readonly bits: number; readonly norm: 'none' | 'l1' | 'l2' },
    matrix: Float32Array,
    thresholds: Float64Array,
  ): object
  hash(projection: object, vectors: Float32Array, count: number, codes: Uint8Array, now: boolean): void
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
