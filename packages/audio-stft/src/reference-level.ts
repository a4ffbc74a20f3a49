// The level that decibels count from, where it is one of the numbers' own: librosa's `ref=np.median` and the like.

import type { CallOptions } from '@cbir/core'
import { inSlices } from '@cbir/core/define'

/** What stands for a level of the numbers themselves. */
export type ReferenceLevel = 'max' | 'mean' | 'median' | 'min'

export const REFERENCE_LEVELS: readonly ReferenceLevel[] = ['max', 'mean', 'median', 'min']

/** Numbers between two looks at the clock. */
const STEP = 1 << 16

/** That level of the numbers; `absolute`: of their magnitudes. The numbers must not change meanwhile. */
export async function levelOf(
  data: Float32Array,
  level: Exclude<ReferenceLevel, 'max'>,
  absolute: boolean,
  { signal }: CallOptions,
): Promise<number> {
  if (level === 'median') {
    const upper = await ranked(data, data.length >> 1, absolute, signal)
    return data.length % 2 === 1 ? upper : ((await ranked(data, (data.length >> 1) - 1, absolute, signal)) + upper) / 2
  }
  let [sum, least] = [0, Number.POSITIVE_INFINITY]
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const value = absolute ? Math.abs(data[i]!) : data[i]!
      sum += value
      if (value < least) least = value
    }
  }
  await inSlices(data.length, STEP, work, signal)
  return level === 'mean' ? sum / data.length : least
}

/** The number of a rank, 0 for the least: found by the upper 16 bits first and then by the lower, so that nothing is sorted. */
async function ranked(data: Float32Array, rank: number, absolute: boolean, signal: AbortSignal | undefined): Promise<number> {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  // As integers, floats ascend where the sign is turned, and all bits of the negative ones.
  const keyOf = (i: number): number => {
    const own = absolute ? bits[i]! & 0x7fff_ffff : bits[i]!
    return (own & 0x8000_0000 ? ~own : own | 0x8000_0000) >>> 0
  }
  let [high, left] = [-1, rank]
  for (const shift of [16, 0]) {
    const counts = new Uint32Array(1 << 16)
    const work = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        const key = keyOf(i)
        if (shift === 16 || key >>> 16 === high) counts[(key >>> shift) & 0xffff]!++
      }
    }
    await inSlices(data.length, STEP, work, signal)
    let place = 0
    for (; counts[place]! <= left; place++) left -= counts[place]!
    if (shift === 16) high = place
    else {
      const key = ((high << 16) | place) >>> 0
      const own = key & 0x8000_0000 ? key ^ 0x8000_0000 : ~key
      return new Float32Array(Uint32Array.of(own >>> 0).buffer)[0]!
    }
  }
  return Number.NaN
}
