// scipy.signal.resample: the whole sound's spectrum, cut off or filled up with zeros.

import { inSlices } from '@cbir/core/define'
import { realFourier, realInverse, type Spectrum } from './fourier.ts'
import type { Resampler } from './resampler.ts'

/** Samples copied between two looks at the clock. */
const STEP = 1 << 14

export class FourierResampler implements Resampler {
  readonly piece: number = STEP
  private readonly up: number
  private readonly down: number
  private readonly parts: Float32Array[] = []
  private length = 0

  constructor(up: number, down: number) {
    this.up = up
    this.down = down
  }

  push(samples: Float32Array): Float32Array {
    this.parts.push(samples.slice())
    this.length += samples.length
    return new Float32Array()
  }

  async finish(signal?: AbortSignal): Promise<Float32Array> {
    const { length } = this
    if (length === 0) return new Float32Array()
    const wanted = Math.ceil((length * this.up) / this.down)
    const before = await realFourier(await this.gather(signal), signal)
    const bins = Math.floor(wanted / 2) + 1
    const after: Spectrum = { re: new Float64Array(bins), im: new Float64Array(bins) }
    const lowest = Math.min(length, wanted)
    const kept = Math.floor(lowest / 2) + 1
    const copy = (from: number, to: number): void => {
      after.re.set(before.re.subarray(from, to), from)
      after.im.set(before.im.subarray(from, to), from)
    }
    await inSlices(kept, STEP, copy, signal)
    if (lowest % 2 === 0) {
      // The bin at the lower Nyquist frequency stands for both signs on the side where it is the highest.
      const share = wanted < length ? 2 : 0.5
      after.re[kept - 1]! *= share
      after.im[kept - 1]! *= share
    }
    const made = await realInverse(after, wanted, signal)
    const samples = new Float32Array(wanted)
    const scale = (from: number, to: number): void => {
      for (let i = from; i < to; i++) samples[i] = made[i]! / length
    }
    await inSlices(wanted, STEP, scale, signal)
    return samples
  }

  private async gather(signal: AbortSignal | undefined): Promise<Float64Array> {
    const samples = new Float64Array(this.length)
    let at = 0
    const parts = this.parts.splice(0)
    const step = (i: number): void => {
      samples.set(parts[i]!, at)
      at += parts[i]!.length
    }
    await inSlices(parts.length, 1, step, signal)
    return samples
  }
}
