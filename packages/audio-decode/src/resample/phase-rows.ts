// The weights of a change of rate by up / down: one row for each of the `up` phases that an output can have between two inputs.

import { inSlices } from '@cbir/core/define'
import type { Convolution, MakeConvolution } from './convolution.ts'
import { type Kernel, kernelOf } from './kernels.ts'
import { plainConvolution } from './plain-convolution.ts'
import type { Resampling } from './resampling.ts'
import { loadedConvolution } from './wasm-convolution.ts'

/** What the resamplers of one change of rate share. Nothing stays in `convolution` but its weights. */
export interface Bank {
  readonly kernel: Kernel
  readonly up: number
  readonly down: number
  /** Weights of an output. */
  readonly taps: number
  /** Input samples at once. */
  readonly piece: number
  readonly convolution: Convolution
  /** Which rows of the weights are there. Without it there is one row, of the phase at hand. */
  readonly filled: Uint8Array | undefined
  /** Rows that are not there. */
  missing: number
  readonly make: MakeConvolution
}

/** Outputs at once. */
export const MOST_OUTPUTS: number = 1 << 14
/** Weights kept at most; with more phases they are computed for every output. */
const MOST_WEIGHTS = 1 << 22
const MOST_INPUTS = 1 << 13
/** Products in about a millisecond, and what a weight that is computed costs beside them. */
const PRODUCTS = 1 << 20
const COMPUTED = 8

/** Of the changes used last: files of one kind share theirs. */
const banks = new Map<string, Bank>()
const MOST_BANKS = 8

/** @param make other than that of this platform, for tests */
export function bankOf(method: Exclude<Resampling, 'fft'>, up: number, down: number, make: MakeConvolution = loadedConvolution()): Bank {
  const key = `${method} ${up} ${down}`
  const known = banks.get(key)
  if (known?.make === make) return known
  const kernel = kernelOf(method, up, down)
  const taps = 2 * kernel.reach
  const keeps = up * taps <= MOST_WEIGHTS
  const perInput = (taps * (keeps ? 1 : COMPUTED) * up) / down
  const piece = Math.max(1, Math.min(MOST_INPUTS, Math.floor(PRODUCTS / perInput)))
  const convolution = memoryFor(make, keeps ? up : 1, taps, taps + piece)
  const filled = keeps ? new Uint8Array(up) : undefined
  const bank = { kernel, up, down, taps, piece, convolution, filled, missing: keeps ? up : 0, make }
  for (const oldest of banks.keys()) if (banks.size >= MOST_BANKS) banks.delete(oldest)
  banks.set(key, bank)
  return bank
}

/** WebAssembly has less memory than JavaScript. */
function memoryFor(make: MakeConvolution, rows: number, taps: number, inputs: number): Convolution {
  try {
    return make(rows, taps, inputs, MOST_OUTPUTS)
  } catch {
    return plainConvolution(rows, taps, inputs, MOST_OUTPUTS)
  }
}

/** Computes the row of a phase, if it is not there. */
export function fillRow(bank: Bank, phase: number): void {
  const { kernel, taps, up, filled, convolution } = bank
  if (!filled || filled[phase] === 1) return
  kernel.weights(phase, up, convolution.weights.subarray(phase * taps, (phase + 1) * taps))
  filled[phase] = 1
  bank.missing--
}

/** Computes all that is kept, in slices. */
export async function prepareBank(bank: Bank, signal: AbortSignal | undefined): Promise<void> {
  const { kernel, up } = bank
  const { table } = kernel
  if (table) await inSlices(table.length, 1 << 10, (_, to) => table.computeTo(to), signal)
  if (bank.missing > 0) await inSlices(up, 1, (phase) => fillRow(bank, phase), signal)
}
