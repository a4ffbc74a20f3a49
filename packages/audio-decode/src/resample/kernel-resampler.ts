// Resampling with a low-pass filter: each output is a weighted sum of the inputs around it.

import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import { type Bank, fillRow, MOST_OUTPUTS } from './phase-rows.ts'
import type { Resampler } from './resampler.ts'

export class KernelResampler implements Resampler {
  readonly piece: number
  private readonly bank: Bank
  private readonly round: (value: number) => number
  /** Inputs that are still needed, `held` of them from input `start` on. As doubles, so that the inner loop need not convert each of them many times. */
  private readonly history: Float64Array
  private start: number
  private held: number
  private taken = 0
  private made = 0
  /** The next output lies `phase / up` after input `sample`. */
  private sample = 0
  private phase = 0

  /** @param round number of outputs, from what it would be as a fraction; what is missing to the next whole number are zeros */
  constructor(bank: Bank, round: (value: number) => number) {
    const { reach } = bank.kernel
    this.bank = bank
    this.piece = bank.piece
    this.round = round
    this.history = new Float64Array(bank.taps)
    // Before the sound there are zeros.
    this.start = 1 - reach
    this.held = reach - 1
  }

  push(samples: Float32Array): Float32Array {
    this.taken += samples.length
    const parts: Float32Array[] = []
    for (let at = 0; at < samples.length; at += this.piece) {
      const piece = samples.subarray(at, at + this.piece)
      parts.push(this.take(piece, piece.length, Number.POSITIVE_INFINITY))
    }
    return joined(parts, 0)
  }

  async finish(signal?: AbortSignal): Promise<Float32Array> {
    const exact = (this.taken * this.bank.up) / this.bank.down
    const total = this.round(exact)
    const missing = Math.ceil(exact) - total
    const parts: Float32Array[] = []
    const slice = new TimeSlice()
    // After the sound there are zeros.
    for (let left = this.bank.kernel.reach + 1; left > 0; left -= this.piece) {
      if (slice.due()) await slice.pause()
      throwIfAborted(signal)
      parts.push(this.take(undefined, Math.min(left, this.piece), total))
    }
    return joined(parts, missing)
  }

  /** `count` inputs more, or zeros; gives the outputs whose inputs are there, up to `limit` in all. */
  private take(samples: Float32Array | undefined, count: number, limit: number): Float32Array {
    const { kernel, up, down, convolution } = this.bank
    const { input } = convolution
    input.set(this.history.subarray(0, this.held))
    if (samples) input.set(samples, this.held)
    else input.fill(0, this.held, this.held + count)
    const held = this.held + count
    const ahead = this.start + held - 1 - kernel.reach - this.sample
    const possible = ahead < 0 ? 0 : Math.floor(((ahead + 1) * up - this.phase - 1) / down) + 1
    const made = new Float32Array(Math.max(0, Math.min(possible, limit - this.made)))
    if (this.bank.filled) this.fromRows(made)
    else this.fromComputed(made)
    this.made += made.length
    const gone = Math.min(held, Math.max(0, this.first - this.start))
    this.held = Math.min(held - gone, this.history.length)
    this.history.set(input.subarray(gone, gone + this.held))
    this.start += gone
    return made
  }

  /** The first input of the next output. */
  private get first(): number {
    return this.sample - this.bank.kernel.reach + 1
  }

  /** The next outputs, by weights that are kept. */
  private fromRows(made: Float32Array): void {
    const { up, down, convolution } = this.bank
    for (let done = 0; done < made.length; done += MOST_OUTPUTS) {
      const count = Math.min(MOST_OUTPUTS, made.length - done)
      for (let m = 0; m < Math.min(up, count) && this.bank.missing > 0; m++) fillRow(this.bank, (this.phase + m * down) % up)
      convolution.run(up, down, this.phase, this.first - this.start, count)
      made.set(convolution.output.subarray(0, count), done)
      this.advance(count)
    }
  }

  /** The next outputs, each by weights of its own. */
  private fromComputed(made: Float32Array): void {
    const { kernel, up, convolution } = this.bank
    for (let m = 0; m < made.length; m++) {
      kernel.weights(this.phase, up, convolution.weights)
      convolution.run(1, 1, 0, this.first - this.start, 1)
      made[m] = convolution.output[0]!
      this.advance(1)
    }
  }

  private advance(outputs: number): void {
    const { up, down } = this.bank
    const moved = this.phase + outputs * down
    this.sample += Math.floor(moved / up)
    this.phase = moved % up
  }
}

/** The parts one after the other, and zeros. */
function joined(parts: readonly Float32Array[], zeros: number): Float32Array {
  if (parts.length === 1 && zeros === 0) return parts[0]!
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, zeros))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
