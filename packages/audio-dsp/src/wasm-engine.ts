// The engine in WebAssembly: the kernels of the addon on the calling thread, in slices.

import type { CallOptions } from '@cbir/core'
import { CbirError } from '@cbir/core'
import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { BinValue, Engine, FrameLayout, Precision } from './engine.ts'
import { type Memory, scratchOf, zeroedMemory } from './memory.ts'
import { notFiniteSample } from './samples.ts'
import type { WasmInstance } from './wasm-module.ts'

const VALUES: Readonly<Record<BinValue, number>> = { complex: 0, magnitude: 1, power: 2 }
/** Numbers that are transformed between two looks at the clock: some tenths of a millisecond. */
const STEP_NUMBERS = 1 << 16
/** Frames that are transformed at once (two vectors of floats): steps are multiples of it. */
const FRAMES_AT_ONCE = 8
/** Instances that wait for the next call, with their plans. */
const MAX_IDLE = 4

/** Floats of several steps that wait in the module's memory where their frames are to stand together: 2 MB. */
const GROUP_NUMBERS = 1 << 19

/** Frames that are moved out of the module together: a whole number of steps, so that the stretches that `moveRows` moves are long. */
function groupOf(frames: number, width: number, step: number, layout: FrameLayout): number {
  return layout === 'frames' ? step : step * Math.max(1, Math.min(Math.ceil(frames / step), Math.floor(GROUP_NUMBERS / width / step)))
}

/**
 * The frames that end before `to`, a group of them or what was left, from rows of `group` to rows of `frames`, of `numbers` floats each.
 */
function moveRows(from: Float32Array, group: number, answer: Float32Array, frames: number, to: number, numbers: number): void {
  const first = Math.floor((to - 1) / group) * group
  for (let at = 0, out = first; at < from.length / numbers; at += group, out += frames) {
    answer.set(from.subarray(numbers * at, numbers * (at + to - first)), numbers * out)
  }
}

interface Planned {
  readonly key: string
  readonly instance: WasmInstance
  readonly plan: number
  readonly single: boolean
  /** What is laid out from here on is of one call. */
  readonly mark: number
}

export function wasmEngine(newInstance: () => Promise<WasmInstance>, memory: Memory = zeroedMemory): Engine {
  const idle: Planned[] = []

  async function planned(n: number, precision: Precision): Promise<Planned> {
    const key = `${n} ${precision}`
    const at = idle.findIndex((each) => each.key === key)
    if (at >= 0) return idle.splice(at, 1)[0]!
    const instance = await newInstance()
    const { exports } = instance
    const single = precision === 'f32'
    if (n === 0) return { key, instance, plan: 0, single, mark: instance.mark() }
    const plan = instance.take(exports.planBytes(n, single) >>> 0)
    const mark = instance.mark()
    exports.makePlan(plan, n, single)
    exports.finishPlan(plan, single, instance.take(exports.scratchBytes(plan, single, 0) >>> 0))
    instance.release(mark)
    return { key, instance, plan, single, mark }
  }

  /** Runs a call on an instance with the plan of n numbers (0: no plan), which then waits for the next one. */
  async function withPlan<R>(n: number, precision: Precision, call: (planned: Planned) => Promise<R>): Promise<R> {
    const mine = await planned(n, precision)
    const answer = await call(mine)
    // After an error it is not used again: it may have been in the middle of something.
    mine.instance.release(mine.mark)
    idle.unshift(mine)
    idle.length = Math.min(idle.length, MAX_IDLE)
    return answer
  }

  /** Steps over `count` things that belong to `width` numbers each. */
  async function inSteps(count: number, width: number, options: CallOptions, work: (from: number, to: number) => void): Promise<void> {
    const step = Math.max(1, Math.floor(STEP_NUMBERS / width / FRAMES_AT_ONCE)) * FRAMES_AT_ONCE
    const slice = new TimeSlice()
    for (let from = 0; from < count; from += step) {
      const to = Math.min(count, from + step)
      work(from, to)
      options.onProgress?.({ done: to, total: count })
      if (to === count || !slice.due()) continue
      await slice.pause()
      throwIfAborted(options.signal)
    }
  }
  const stepOf = (count: number, width: number): number =>
    Math.min(count, Math.max(1, Math.floor(STEP_NUMBERS / width / FRAMES_AT_ONCE)) * FRAMES_AT_ONCE)

  function checkFinite({ exports }: WasmInstance, at: number, count: number, first: number): void {
    const bad = exports.firstNotFinite(at, false, count)
    if (bad < count) throw new CbirError('NOT_FINITE', `Value ${first + bad} is NaN or ±Infinity.`)
  }

  const transformRows = (
    rows: Float64Array,
    n: number,
    count: number,
    inverse: boolean,
    precision: Precision,
    options: CallOptions,
  ): Promise<Float64Array> =>
    withPlan(n, precision, async ({ instance, plan, single }) => {
      const { exports } = instance
      const spectrum = 2 * (Math.floor(n / 2) + 1)
      const [before, after] = inverse ? [spectrum, n] : [n, spectrum]
      const answer = memory.doubles(count * after)
      const scratch = instance.take(exports.scratchBytes(plan, single, 0) >>> 0)
      const input = instance.take(8 * before * stepOf(count, n))
      const out = instance.take(8 * after * stepOf(count, n))
      await inSteps(count, n, options, (from, to) => {
        instance.doubles(input, (to - from) * before).set(rows.subarray(from * before, to * before))
        exports.rows(plan, single, input, to - from, inverse, out, scratch)
        answer.set(instance.doubles(out, (to - from) * after), from * after)
      })
      return answer
    })

  return {
    name: 'wasm',
    scratch: scratchOf(memory),

    frames: ({ samples, offset, frames, nFft: n, hopLength: hop, window, precision, value, layout, filters, memory: into = memory }, options) =>
      withPlan(n, precision, async ({ instance, plan, single }) => {
        const { exports } = instance
        const doubles = samples instanceof Float64Array
        const bins = Math.floor(n / 2) + 1
        const width = filters ? filters.rows : value === 'complex' ? 2 * bins : bins
        const answer = into.floats(frames * width)
        const windowAt = instance.put(window)
        const [firstBins, offsets, weights] = filters
          ? [filters.firstBins, filters.offsets, filters.weights].map((array) => instance.put(array))
          : [0, 0, 0]
        const scratch = instance.take(exports.scratchBytes(plan, single, filters ? filters.rows : 0) >>> 0)
        const apart = Math.max(n, hop)
        const most = stepOf(frames, apart)
        const input = instance.take((doubles ? 8 : 4) * (most * hop + n))
        const group = groupOf(frames, width, most, layout)
        const out = instance.take(4 * width * group)
        // Of a complex number both parts stand together in either layout.
        const numbers = !filters && value === 'complex' ? 2 : 1
        await inSteps(frames, apart, options, (from, to) => {
          // What lies between frames that are apart is looked at too; what comes after the last frame, below.
          const end = Math.max((to - 1) * hop + n, Math.min(to * hop, samples.length))
          const part = samples.subarray(from * hop, end)
          const view = doubles ? instance.doubles(input, part.length) : instance.floats(input, part.length)
          view.set(part)
          const bad = exports.firstNotFinite(input, doubles, part.length)
          if (bad < part.length) throw notFiniteSample(Math.max(0, from * hop + bad - offset))
          exports.frames(
            ...([plan, single, input, doubles, hop, to - from, windowAt, VALUES[value]] as const),
            ...([filters ? filters.rows : 0, firstBins!, offsets!, weights!] as const),
            ...(layout === 'bins' ? ([group, out + 4 * numbers * (from % group)] as const) : ([0, out] as const)),
            scratch,
          )
          if (layout === 'frames') answer.set(instance.floats(out, (to - from) * width), from * width)
          else if (to === frames || to % group === 0) moveRows(instance.floats(out, width * group), group, answer, frames, to, numbers)
        })
        const rest = samples.subarray((frames - 1) * hop + n).findIndex((sample: number) => !Number.isFinite(sample))
        if (rest >= 0) throw notFiniteSample(Math.max(0, (frames - 1) * hop + n + rest - offset))
        return answer
      }),

    overlapAdd: ({ spectrum, frames, nFft: n, hopLength: hop, window, precision, start, length }, options) =>
      withPlan(n, precision, async ({ instance, plan, single }) => {
        const { exports } = instance
        const answer = memory.floats(length)
        const numbers = 2 * (Math.floor(n / 2) + 1)
        const windowAt = instance.put(window)
        const scratch = instance.take(exports.scratchBytes(plan, single, 0) >>> 0)
        // Samples in a step: at least as many as a frame has, as frames at a border are transformed twice.
        const step = Math.max(n, Math.min(length, FRAMES_AT_ONCE * hop, STEP_NUMBERS))
        const most = Math.min(frames, Math.ceil((step + n) / hop) + 1)
        const input = instance.take(4 * numbers * most)
        const out = instance.take(4 * step)
        const sums = instance.take(16 * step)
        await inSteps(Math.ceil(length / step), STEP_NUMBERS / FRAMES_AT_ONCE, options, (from, to) => {
          for (let at = from * step; at < Math.min(length, to * step); at += step) {
            const begin = start + at
            const end = Math.min(start + length, begin + step)
            const first = begin < n ? 0 : Math.floor((begin - n) / hop) + 1
            const until = Math.min(frames, Math.floor((end - 1) / hop) + 1)
            if (first >= until) {
              answer.fill(0, at, at + end - begin)
              continue
            }
            instance.floats(input, (until - first) * numbers).set(spectrum.subarray(first * numbers, until * numbers))
            checkFinite(instance, input, (until - first) * numbers, first * numbers)
            exports.overlapAdd(plan, single, input, until - first, hop, windowAt, begin - first * hop, end - first * hop, out, sums, scratch)
            answer.set(instance.floats(out, end - begin), at)
          }
        })
        return answer
      }),

    forward: (rows, n, count, precision, options) => transformRows(rows, n, count, false, precision, options),
    inverse: (rows, n, count, precision, options) => transformRows(rows, n, count, true, precision, options),

    maximum: (values, options) =>
      withPlan(0, 'f64', async ({ instance }) => {
        const input = instance.take(4 * stepOf(values.length, 1))
        let largest = Number.NEGATIVE_INFINITY
        await inSteps(values.length, 1, options, (from, to) => {
          instance.floats(input, to - from).set(values.subarray(from, to))
          checkFinite(instance, input, to - from, from)
          largest = Math.max(largest, instance.exports.maximum(input, to - from))
        })
        return largest
      }),

    decibels: (values, { amin, reference, floor, squared }, options) =>
      withPlan(0, 'f64', async ({ instance }) => {
        const input = instance.take(4 * stepOf(values.length, 4))
        const out = instance.take(4 * stepOf(values.length, 4))
        await inSteps(values.length, 4, options, (from, to) => {
          instance.floats(input, to - from).set(values.subarray(from, to))
          checkFinite(instance, input, to - from, from)
          instance.exports.decibels(input, to - from, amin, reference, floor, squared, out)
          values.set(instance.floats(out, to - from), from)
        })
      }),

    product: ({ rows, count, matrix, outer, layout }, options) =>
      withPlan(0, 'f64', async ({ instance }) => {
        const inner = matrix.length / outer
        const answer = memory.floats(count * outer)
        const matrixAt = instance.put(matrix)
        const width = inner * Math.ceil(outer / 8)
        const input = instance.take(4 * inner * stepOf(count, width))
        const most = stepOf(count, width)
        const out = instance.take(4 * outer * most)
        const [rowStep, sumStep] = layout === 'bins' ? [1, most] : [outer, 1]
        await inSteps(count, width, options, (from, to) => {
          instance.floats(input, (to - from) * inner).set(rows.subarray(from * inner, to * inner))
          checkFinite(instance, input, (to - from) * inner, from * inner)
          instance.exports.product(input, to - from, matrixAt, inner, outer, out, rowStep!, sumStep!)
          if (layout === 'frames') answer.set(instance.floats(out, (to - from) * outer), from * outer)
          else moveRows(instance.floats(out, outer * most), most, answer, count, to, 1)
        })
        return answer
      }),
  }
}
