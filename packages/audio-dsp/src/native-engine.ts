// The engine in native code: on all cores, or at once on the calling thread where a call is short.

import type { CallOptions } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { nativeTask } from '@cbir/native-kit'
import type { BinValue, Engine } from './engine.ts'
import { type Memory, scratchOf } from './memory.ts'
import type { DspAddon, NativeCall } from './native-addon.ts'
import { unwrittenMemory } from './unwritten-memory.ts'

/** Steps of arithmetic below which a call is over sooner here than on another thread: some 100 µs. */
const SHORT_STEPS = 100_000

/** Memory from which on large pages are asked for: some of them lie in it whatever its address. */
const LARGE_BYTES = 1 << 22

const VALUES: Readonly<Record<BinValue, number>> = { complex: 0, magnitude: 1, power: 2 }

/** About how many steps a transform of n numbers is. */
const stepsOf = (n: number): number => n * (4 + Math.log2(n + 1))

/** Memory that asks for large pages where it is large: they are written for the first time in a fraction of the time. */
const largePages = (addon: DspAddon): Memory =>
  unwrittenMemory((memory) => {
    if (memory.byteLength >= LARGE_BYTES) addon.willFill(memory)
  })

/** For tests: `instructionSet` other than the best, and other memory. */
export function nativeEngine(addon: DspAddon, instructionSet?: string, memory: Memory = largePages(addon)): Engine {
  // Many short calls in one turn of the event loop would be a long one.
  const how = (steps: number): NativeCall => ({ now: steps <= SHORT_STEPS && !new TimeSlice().due(), instructionSet })

  /** Runs a call that fills `out`. */
  async function filled<S extends NativeCall & { readonly out: Float32Array | Float64Array }>(
    call: (settings: S, control?: object) => Promise<void> | void,
    settings: S,
    options: CallOptions,
  ): Promise<S['out']> {
    if (settings.now) call(settings)
    else await nativeTask(addon, options, (control) => call(settings, control))
    return settings.out
  }

  return {
    name: 'native',

    scratch: scratchOf(memory),

    frames({ samples, offset, frames, nFft: n, hopLength: hop, window, precision, value, layout, filters, memory: into = memory }, options) {
      const bins = Math.floor(n / 2) + 1
      const width = filters ? filters.rows : value === 'complex' ? 2 * bins : bins
      const settings = {
        ...how(frames * stepsOf(n)),
        ...{ samples, doubles: samples instanceof Float64Array, sampleCount: samples.length, origin: offset },
        ...{ frames, n, hop, window, value: VALUES[value], byBins: layout === 'bins', single: precision === 'f32' },
        ...(filters && { firstBins: filters.firstBins, offsets: filters.offsets, weights: filters.weights, weightCount: filters.weights.length }),
        filterRows: filters ? filters.rows : 0,
        out: into.floats(frames * width),
      }
      return filled(addon.frames, settings, options)
    },

    overlapAdd({ spectrum, frames, nFft: n, hopLength: hop, window, precision, start, length }, options) {
      const settings = { spectrum, frames, n, hop, window, start, length, single: precision === 'f32', out: memory.floats(length) }
      return filled(addon.overlapAdd, { ...settings, ...how(frames * stepsOf(n)) }, options)
    },

    forward(rows, n, count, precision, options) {
      const out = memory.doubles(2 * count * (Math.floor(n / 2) + 1))
      return filled(addon.rows, { rows, n, count, inverse: false, out, single: precision === 'f32', ...how(count * stepsOf(n)) }, options)
    },

    inverse(rows, n, count, precision, options) {
      const out = memory.doubles(count * n)
      return filled(addon.rows, { rows, n, count, inverse: true, out, single: precision === 'f32', ...how(count * stepsOf(n)) }, options)
    },

    async maximum(values, options) {
      const settings = { values, count: values.length, ...how(values.length / 4) }
      if (settings.now) return addon.maximum(settings)
      return nativeTask(addon, options, (control) => addon.maximum(settings, control))
    },

    async decibels(values, scale, options) {
      await filled(addon.decibels, { values, count: values.length, ...scale, out: values, ...how(8 * values.length) }, options)
    },

    product({ rows, count, matrix, outer, layout }, options) {
      const inner = matrix.length / outer
      const byBins = layout === 'bins'
      const settings = { rows, count, matrix, inner, outer, byBins, out: memory.floats(count * outer), ...how(count * matrix.length) }
      return filled(addon.product, settings, options)
    },
  }
}
