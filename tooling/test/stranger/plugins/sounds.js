// What recognises recordings: loudness every hundredth of a second, laid over every place of every recording. Good for clean sounds.

import { definePlugin } from '@cbir/core'
import { defineRecordingMatcher, field, objectSchema, openRecordingMatcher, TimeSlice } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { PACKAGE } from './package-name.js'

const STEPS_A_SECOND = 100
/** Of a sound that can be told from others, in steps. */
const SHORTEST = 100
const AUDIBLE = 1e-6
/** Correlation from which on it is that recording. */
const ENOUGH = 0.9

/** The sums of the absolute samples of each step; undefined for what is too short or silent. */
async function loudness({ sampleRate, chunks }, signal) {
  const slice = new TimeSlice()
  const steps = []
  let position = 0
  let sum = 0
  for await (const chunk of chunks) {
    for (const sample of chunk) {
      sum += Math.abs(sample)
      position++
      if (Math.floor((position * STEPS_A_SECOND) / sampleRate) > steps.length) {
        steps.push(sum)
        sum = 0
      }
    }
    if (slice.due()) await slice.pause()
    signal?.throwIfAborted()
  }
  return steps.length >= SHORTEST && steps.some((step) => step > AUDIBLE) ? steps : undefined
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** From −1 to 1. */
function correlation(a, b) {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return ab / Math.sqrt(aa * bb + 1e-12)
}

const driver = {
  open: () => new Map(),
  fingerprint: (sound, _purpose, { signal }) => loudness(sound, signal),
  put(state, row, steps) {
    state.set(row, steps)
  },
  async match(state, steps, { signal }) {
    const slice = new TimeSlice()
    let best
    for (const [row, recording] of state) {
      for (let at = 0; at + steps.length <= recording.length; at++) {
        const confidence = Math.min(1, correlation(steps, recording.slice(at, at + steps.length)))
        if (confidence > (best?.confidence ?? ENOUGH)) best = { row, offset: at / STEPS_A_SECOND, confidence }
        if (slice.due()) await slice.pause()
        signal?.throwIfAborted()
      }
    }
    return best
  },
  free: (state, rows) => rows.forEach((row) => void state.delete(row)),
  save: (state, writer) => writer.write('loudness.json', [new TextEncoder().encode(JSON.stringify([...state]))]),
  load: async (container) => new Map(JSON.parse(new TextDecoder().decode(await container.read('loudness.json')))),
}

export const loudnessMatcher = definePlugin({
  kind: 'recording-matcher',
  interfaces: ['RecordingMatcher', 'RemovableRecordingMatcher', 'PersistableRecordingMatcher'],
  name: 'loudness-matcher',
  package: PACKAGE,
  configSchema: objectSchema({ directory: field.string({ minLength: 1, optional: true }) }),
  create(config) {
    const identity = { name: 'loudness-matcher', package: PACKAGE, config }
    const container = directoryContainer
    if (config.directory === undefined) return defineRecordingMatcher(identity, driver, { container })
    return openRecordingMatcher(identity, driver, { container, directory: config.directory })
  },
})
