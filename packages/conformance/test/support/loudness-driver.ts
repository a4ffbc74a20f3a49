// A driver that knows recordings by their loudness every 10 ms, as the reference does.

import type { RecordingMatcherDriver, RowMatch } from '@cbir/core/define'
import { TimeSlice } from '@cbir/core/define'

const STEPS = 100
const SHORTEST = 100
const LEAST = 0.9

type Levels = readonly number[]

export const loudnessDriver: RecordingMatcherDriver<Map<number, Levels>, Levels> = {
  open: () => new Map(),
  async fingerprint({ chunks, sampleRate }) {
    const levels: number[] = []
    let [position, sum] = [0, 0]
    for await (const chunk of chunks) {
      for (const value of chunk) {
        sum += Math.abs(value)
        position++
        if (Math.floor((position * STEPS) / sampleRate) > levels.length) {
          levels.push(sum)
          sum = 0
        }
      }
    }
    return levels.length >= SHORTEST && levels.some((level) => level > 1e-6) ? levels : undefined
  },
  put: (state, row, levels) => void state.set(row, levels),
  free(state, rows) {
    for (const row of rows) state.delete(row)
  },
  async match(state, levels) {
    let best: RowMatch | undefined
    const slice = new TimeSlice()
    for (const [row, recording] of state) {
      for (let at = 0; at + levels.length <= recording.length; at++) {
        const confidence = Math.min(1, correlation(levels, recording.slice(at, at + levels.length)))
        if (confidence > (best?.confidence ?? LEAST)) best = { row, offset: at / STEPS, confidence }
        if (slice.due()) await slice.pause()
      }
    }
    return best
  },
  save: (state, writer) => writer.write('levels', [new TextEncoder().encode(JSON.stringify([...state]))]),
  async load(container) {
    return new Map(JSON.parse(new TextDecoder().decode(await container.read('levels'))) as [number, number[]][])
  },
}

function correlation(a: Levels, b: Levels): number {
  const mean = (values: Levels): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const product = (x: Levels, mx: number, y: Levels, my: number): number => x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0)
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb) + 1e-12)
}
