// The oracle: the engine's answers as they are defined, in TypeScript, or by halves where the length is even. It shares no code with the kernels.

import type { CallOptions } from '@cbir/core'
import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { DecibelScale, Engine, FramesJob, OverlapJob, ProductJob } from '../../src/engine.ts'
import { scratchOf, zeroedMemory } from '../../src/memory.ts'
import { notFiniteSample } from '../../src/samples.ts'

type Complex = { re: Float64Array; im: Float64Array }

function dft({ re, im }: Complex, sign: number): Complex {
  const n = re.length
  const out: Complex = { re: new Float64Array(n), im: new Float64Array(n) }
  if (n % 2 === 0 && n > 0) {
    const pick = (a: Float64Array, odd: number): Float64Array => Float64Array.from({ length: n / 2 }, (_, i) => a[2 * i + odd]!)
    const even = dft({ re: pick(re, 0), im: pick(im, 0) }, sign)
    const odd = dft({ re: pick(re, 1), im: pick(im, 1) }, sign)
    for (let k = 0; k < n / 2; k++) {
      const c = Math.cos((2 * Math.PI * k) / n)
      const s = sign * Math.sin((2 * Math.PI * k) / n)
      const tr = odd.re[k]! * c - odd.im[k]! * s
      const ti = odd.re[k]! * s + odd.im[k]! * c
      out.re[k] = even.re[k]! + tr
      out.im[k] = even.im[k]! + ti
      out.re[k + n / 2] = even.re[k]! - tr
      out.im[k + n / 2] = even.im[k]! - ti
    }
    return out
  }
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (2 * Math.PI * ((j * k) % n)) / n
      const c = Math.cos(angle)
      const s = sign * Math.sin(angle)
      out.re[k]! += re[j]! * c - im[j]! * s
      out.im[k]! += re[j]! * s + im[j]! * c
    }
  }
  return out
}

const forwardRow = (row: Float64Array): Complex => dft({ re: row, im: new Float64Array(row.length) }, -1)

function inverseRow(spectrum: ArrayLike<number>, at: number, n: number): Float64Array {
  const x: Complex = { re: new Float64Array(n), im: new Float64Array(n) }
  for (let k = 0; k < n; k++) {
    const mirrored = k > n / 2
    const bin = mirrored ? n - k : k
    const real = bin === 0 || 2 * bin === n
    x.re[k] = spectrum[at + 2 * bin]! / n
    x.im[k] = real ? 0 : ((mirrored ? -1 : 1) * spectrum[at + 2 * bin + 1]!) / n
  }
  return dft(x, 1).re
}

async function each(count: number, options: CallOptions, work: (i: number) => void): Promise<void> {
  const slice = new TimeSlice()
  for (let i = 0; i < count; i++) {
    work(i)
    if (slice.due()) {
      await slice.pause()
      throwIfAborted(options.signal)
      options.onProgress?.({ done: i + 1, total: count })
    }
  }
}

export const definedEngine: Engine = {
  name: 'native',
  scratch: scratchOf(zeroedMemory),

  async frames(job: FramesJob, options) {
    const { samples, offset, frames, nFft, hopLength, window, value, filters } = job
    const bad = samples.findIndex((sample: number) => !Number.isFinite(sample))
    if (bad >= 0) throw notFiniteSample(bad - offset)
    const bins = Math.floor(nFft / 2) + 1
    const width = filters ? filters.rows : value === 'complex' ? 2 * bins : bins
    const out = new Float32Array(frames * width)
    await each(frames, options, (t) => {
      const { re, im } = forwardRow(Float64Array.from({ length: nFft }, (_, i) => samples[t * hopLength + i]! * window[i]!))
      if (value === 'complex') {
        for (let b = 0; b < bins; b++) out.set([re[b]!, im[b]!], t * width + 2 * b)
        return
      }
      const power = Float64Array.from({ length: bins }, (_, b) => {
        const p = Math.fround(re[b]!) ** 2 + Math.fround(im[b]!) ** 2
        return value === 'power' ? p : Math.sqrt(p)
      })
      if (!filters) return out.set(power, t * width)
      for (let r = 0; r < filters.rows; r++) {
        let sum = 0
        for (let i = filters.offsets[r]!; i < filters.offsets[r + 1]!; i++) {
          sum += filters.weights[i]! * power[filters.firstBins[r]! + i - filters.offsets[r]!]!
        }
        out[t * width + r] = sum
      }
    })
    return out
  },

  async overlapAdd({ spectrum, frames, nFft, hopLength, window, start, length }: OverlapJob, options) {
    const sum = new Float64Array(nFft + hopLength * (frames - 1))
    const squares = new Float64Array(sum.length)
    const bins = Math.floor(nFft / 2) + 1
    await each(frames, options, (t) => {
      const row = inverseRow(spectrum, 2 * t * bins, nFft)
      for (let i = 0; i < nFft; i++) {
        sum[t * hopLength + i]! += row[i]! * window[i]!
        squares[t * hopLength + i]! += window[i]! ** 2
      }
    })
    return Float32Array.from({ length }, (_, i) => {
      const square = squares[start + i] ?? 0
      return (sum[start + i] ?? 0) / (square > 2 ** -126 ? square : 1)
    })
  },

  async forward(rows, n, count, _, options) {
    const bins = Math.floor(n / 2) + 1
    const out = new Float64Array(2 * count * bins)
    await each(count, options, (r) => {
      const { re, im } = forwardRow(rows.slice(r * n, r * n + n))
      for (let b = 0; b < bins; b++) out.set([re[b]!, im[b]!], 2 * (r * bins + b))
    })
    return out
  },

  async inverse(spectra, n, count, _, options) {
    const bins = Math.floor(n / 2) + 1
    const out = new Float64Array(count * n)
    await each(count, options, (r) => out.set(inverseRow(spectra, 2 * r * bins, n), r * n))
    return out
  },

  async maximum(values) {
    let largest = Number.NEGATIVE_INFINITY
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      if (!Number.isFinite(value)) throw notFiniteSample(i)
      if (value > largest) largest = value
    }
    return largest
  },

  async decibels(values, { amin, reference, floor, squared }: DecibelScale) {
    for (const [i, x] of values.entries()) values[i] = Math.max(floor, 10 * Math.log10(Math.max(amin, squared ? x * x : x)) - reference)
  },

  async product({ rows, count, matrix, outer }: ProductJob) {
    const inner = matrix.length / outer
    const out = new Float32Array(count * outer)
    for (let r = 0; r < count; r++) {
      for (let o = 0; o < outer; o++) {
        let sum = 0
        for (let i = 0; i < inner; i++) sum += matrix[o * inner + i]! * rows[r * inner + i]!
        out[r * outer + o] = sum
      }
    }
    return out
  },
}
