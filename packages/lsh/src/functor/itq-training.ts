// Iterative quantization in TypeScript: the rotation of the principal components whose signs lose least (Gong and Lazebnik, CVPR 2011).

import type { CallOptions } from '@cbir/core'
import type { ItqResult, ItqTask } from './functor-addon.ts'
import { polarFactor } from './polar-factor.ts'
import { eachRow, type Sample } from './reservoir.ts'
import { largestEigenvectors } from './symmetric-eigen.ts'
import { Turns } from './turns.ts'

/** A loss that falls by less than this share of itself has settled. */
const SETTLED = 1e-9

/** As the addon's `trainItq`, in slices. @throws CbirError ABORTED */
export async function trainItqInSlices(task: ItqTask, { signal, onProgress }: CallOptions = {}): Promise<ItqResult> {
  const { bits, iterations, start } = task
  const turns = new Turns(signal)
  const total = iterations + 2
  const { mean, scale } = await momentsOf(task, signal)
  const basis = task.basis ?? (await largestEigenvectors(await scatterOf(task, mean, scale, signal), task.dimensions, bits, turns))
  onProgress?.({ done: 1, total })
  const quantization = await Quantization.of(task, basis, mean, scale, signal)
  let rotation = await polarFactor(transposed(start, bits), bits, turns)
  let product = await quantization.correlate(rotation, signal)
  const losses = [quantization.loss(product, rotation)]
  for (let i = 0; i < iterations; i++) {
    onProgress?.({ done: i + 2, total })
    const next = await polarFactor(product, bits, turns)
    product = await quantization.correlate(next, signal)
    const loss = quantization.loss(product, next)
    const fall = losses.at(-1)! - loss
    if (!(fall > 0)) break
    losses.push(loss)
    rotation = next
    if (fall < SETTLED * loss) break
  }
  const model = await combine(basis, rotation, mean, bits, turns)
  onProgress?.({ done: total, total })
  return { ...model, losses: Float64Array.from(losses) }
}

interface Moments {
  readonly mean: Float64Array
  /** A power of two that brings the numbers to at most 1, so that no square overflows. */
  readonly scale: number
}

async function momentsOf(sample: Sample, signal: AbortSignal | undefined): Promise<Moments> {
  const mean = new Float64Array(sample.dimensions)
  let largest = 0
  const add = (block: Float32Array, at: number): void => {
    for (let i = 0; i < mean.length; i++) {
      const x = block[at + i]!
      mean[i]! += x
      if (x > largest) largest = x
      else if (-x > largest) largest = -x
    }
  }
  await eachRow(sample, add, mean.length, signal)
  for (let i = 0; i < mean.length; i++) mean[i]! /= sample.rows
  let scale = 1
  while (largest * scale >= 1) scale /= 2
  while (largest > 0 && largest * scale < 0.5) scale *= 2
  return { mean, scale }
}

/** Σ (x − mean)(x − mean)ᵀ · scale²: the lower triangle. */
async function scatterOf(sample: Sample, mean: Float64Array, scale: number, signal: AbortSignal | undefined): Promise<Float64Array> {
  const n = sample.dimensions
  const sums = new Float64Array(n * n)
  const x = new Float64Array(n)
  const turns = new Turns(signal)
  for (let row = 0; row < sample.rows; row++) {
    const block = sample.blocks[Math.floor(row / sample.rowsPerBlock)]!
    const at = (row % sample.rowsPerBlock) * n
    for (let i = 0; i < n; i++) x[i] = (block[at + i]! - mean[i]!) * scale
    for (let i = 0; i < n; i++) {
      const xi = x[i]!
      for (let j = 0, cell = i * n; j <= i; j++, cell++) sums[cell]! += xi * x[j]!
      if (turns.due(i)) await turns.pause()
    }
  }
  return sums
}

/** The projected, centred data V, and what one pass over them gives for a rotation. */
class Quantization {
  private readonly bits: number
  private readonly scale: number
  private readonly data: Sample
  private readonly squares: number

  private constructor(data: Sample, scale: number, squares: number) {
    this.bits = data.dimensions
    this.scale = scale
    this.data = data
    this.squares = squares
  }

  static async of(
    sample: Sample & Pick<ItqTask, 'bits'>,
    basis: Float64Array,
    mean: Float64Array,
    scale: number,
    signal: AbortSignal | undefined,
  ): Promise<Quantization> {
    const { bits, dimensions: n, rows, rowsPerBlock } = sample
    const columns = Float32Array.from(basis)
    const offsets = new Float64Array(bits)
    for (let j = 0; j < bits; j++) for (let i = 0; i < n; i++) offsets[j]! += mean[i]! * columns[j * n + i]!
    const blocks = sample.blocks.map((block) => new Float32Array((block.length / n) * bits))
    let squares = 0
    const turns = new Turns(signal)
    for (let row = 0; row < rows; row++) {
      const index = Math.floor(row / rowsPerBlock)
      const block = sample.blocks[index]!
      const at = (row % rowsPerBlock) * n
      const out = blocks[index]!
      for (let j = 0, cell = (row % rowsPerBlock) * bits; j < bits; j++, cell++) {
        let z = 0
        for (let i = 0; i < n; i++) z += block[at + i]! * columns[j * n + i]!
        out[cell] = (z - offsets[j]!) * scale
        squares += out[cell]! * out[cell]!
        if (turns.due(n)) await turns.pause()
      }
    }
    return new Quantization({ blocks, rowsPerBlock, rows, dimensions: bits }, scale, squares)
  }

  /** The `bits × bits` product Bᵀ·V, B the signs (±1) of V·rotation. */
  async correlate(rotation: Float64Array, signal: AbortSignal | undefined): Promise<Float64Array> {
    const { bits, data } = this
    const turned = transposed(Float64Array.from(Float32Array.from(rotation)), bits)
    const product = new Float64Array(bits * bits)
    const turns = new Turns(signal)
    for (let row = 0; row < data.rows; row++) {
      const v = data.blocks[Math.floor(row / data.rowsPerBlock)]!
      const at = (row % data.rowsPerBlock) * bits
      for (let j = 0; j < bits; j++) {
        let z = 0
        for (let i = 0, cell = j * bits; i < bits; i++, cell++) z += v[at + i]! * turned[cell]!
        const sign = z >= 0 ? 1 : -1
        for (let i = 0, cell = j * bits; i < bits; i++, cell++) product[cell]! += sign * v[at + i]!
        if (turns.due(2 * bits)) await turns.pause()
      }
    }
    return product
  }

  /** ‖B − V·R‖² from Bᵀ·V: as R is orthogonal, it is ‖B‖² + ‖V‖² − 2·trace(Bᵀ·V·R). */
  loss(product: Float64Array, rotation: Float64Array): number {
    const { bits, scale } = this
    let trace = 0
    for (let j = 0; j < bits; j++) for (let c = 0; c < bits; c++) trace += product[j * bits + c]! * rotation[c * bits + j]!
    return this.data.rows * bits + this.squares / scale / scale - (2 * trace) / scale
  }
}

async function combine(
  basis: Float64Array,
  rotation: Float64Array,
  mean: Float64Array,
  bits: number,
  turns: Turns,
): Promise<Pick<ItqResult, 'matrix' | 'thresholds'>> {
  const n = mean.length
  const matrix = new Float32Array(n * bits)
  const thresholds = new Float64Array(bits)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < bits; j++) {
      let sum = 0
      for (let k = 0; k < bits; k++) sum += basis[k * n + i]! * rotation[k * bits + j]!
      matrix[i * bits + j] = sum
      thresholds[j]! += mean[i]! * matrix[i * bits + j]!
    }
    if (turns.due(bits * bits)) await turns.pause()
  }
  return { matrix, thresholds }
}

function transposed(matrix: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = matrix[i * n + j]!
  return result
}
