// scipy.signal.resample: the whole sound's spectrum, cut off or filled up with zeros.

import { inSlices } from '@cbir/core/define'
import { pack, packedLength, realFourier, realInverse, unpack } from './real-fourier.ts'
import type { Resampler } from './resampler.ts'
import { type Spectrum, spectrum } from './spectrum.ts'

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
    const most = Math.max(packedLength(length), packedLength(wanted))
    const packed = spectrum(most)
    await this.gather(packed, signal)
    const { made: bins, spare } = await realFourier(packed, spectrum(most), length, signal)
    const lowest = Math.min(length, wanted)
    const kept = Math.floor(lowest / 2) + 1
    const clear = (from: number, to: number): void => {
      bins.re.fill(0, kept + from, kept + to)
      bins.im.fill(0, kept + from, kept + to)
    }
    await inSlices(Math.max(0, Math.floor(wanted / 2) + 1 - kept), STEP, clear, signal)
    if (lowest % 2 === 0) {
      // The bin at the lower Nyquist frequency stands for both signs on the side where it is the highest.
      const share = wanted < length ? 2 : 0.5
      bins.re[kept - 1]! *= share
      bins.im[kept - 1]! *= share
    }
    const { made } = await realInverse(bins, spare, wanted, signal)
    const samples = new Float32Array(wanted)
    await inSlices(wanted, STEP, (from, to) => unpack(made, wanted, from, length, samples.subarray(from, to)), signal)
    return samples
  }

  private async gather(into: Spectrum, signal: AbortSignal | undefined): Promise<void> {
    const { length } = this
    let at = 0
    const parts = this.parts.splice(0)
    const step = (i: number): void => {
      pack(parts[i]!, at, length, into)
      at += parts[i]!.length
    }
    await inSlices(parts.length, 1, step, signal)
  }
}
