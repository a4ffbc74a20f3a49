// The reference recording matcher: loudness every 10 ms, laid over every place of every recording. Good for clean cuts, and for nothing else.

import {
  CbirError,
  type PersistableRecordingMatcher,
  type Recording,
  type RecordingMatch,
  type RecordingMatcher,
  type RecordingMatcherCapability,
  type RemovableRecordingMatcher,
  type Sound,
} from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { checkSignal, mapInTurns, pulled, raise, trackCalls } from '../framework/reference-tools.ts'

/** Everything that a recording matcher can do. */
export type FullRecordingMatcher = RecordingMatcher & RemovableRecordingMatcher & PersistableRecordingMatcher

const FILE = 'reference-recording-matcher.json'
/** Steps of loudness a second. */
const STEPS = 100
/** Steps that a sound must have, and correlation that makes a match. */
const SHORTEST = 100
const LEAST = 0.9

interface OpenSound {
  levels(): Promise<number[]>
}

/** Makes a reference matcher. With `directory` it keeps itself there, and must be opened with {@link openReferenceRecordingMatcher}. */
export function referenceRecordingMatcher(directory?: string, stored: ReadonlyMap<string, readonly number[]> = new Map()): FullRecordingMatcher {
  let content = stored
  let unsaved = false
  const calls = trackCalls()

  async function write(to: string | undefined): Promise<void> {
    if (to === undefined) return
    if (to === directory) unsaved = false
    await writeCheckedFile(to, FILE, [...content])
  }
  const change = (next: ReadonlyMap<string, readonly number[]>): number => {
    content = next
    unsaved = true
    return content.size
  }
  const refuseKnown = (id: string): void => {
    if (content.has(id)) raise('DUPLICATE_UID', `${id} is there already`, { uids: [id] })
  }
  async function insert(id: string, sound: OpenSound): Promise<number> {
    refuseKnown(id)
    const levels = await sound.levels()
    if (!isAudible(levels)) return raise('EMPTY', `${id} holds nothing`)
    refuseKnown(id)
    return change(new Map([...content, [id, levels]]))
  }
  async function find(sound: OpenSound, signal?: AbortSignal): Promise<RecordingMatch | undefined> {
    const levels = await sound.levels()
    if (!isAudible(levels)) return undefined
    let best: RecordingMatch | undefined
    for (const [id, recording] of content) {
      const likeness = await likenesses(levels, recording, signal)
      const at = likeness.reduce((most, value, i) => (value > likeness[most]! ? i : most), 0)
      const confidence = Math.min(1, likeness[at] ?? 0)
      if (confidence > (best?.confidence ?? LEAST)) best = { id, offset: at / STEPS, confidence }
    }
    return best
  }

  return {
    kind: 'recording-matcher',
    name: 'reference-recording-matcher',
    apiVersion: 1,
    capabilities: new Set<RecordingMatcherCapability>(['remove', 'persist']),
    toConfig: () => ({ type: 'reference-recording-matcher', package: '@cbir/conformance', config: {} }),
    get count() {
      return content.size
    },
    has: (id) => content.has(id),
    add: (id, sound, { signal, onProgress } = {}) => calls.run(signal, () => insert(checkId(id), opened(sound, signal, onProgress))),
    addMany: (recordings, { signal, onProgress } = {}) =>
      calls.run(signal, async () => {
        let recordingsAdded = 0
        const take = (one: Recording): { id: string; sound: OpenSound } => {
          if (typeof one !== 'object' || one === null) raise('INVALID_ARGUMENT', 'a recording is an object')
          return { id: checkId(one.id), sound: opened(one.sound, signal) }
        }
        try {
          for await (const { id, sound } of pulled(recordings, take, signal)) {
            await insert(id, sound)
            recordingsAdded++
            onProgress?.({ done: recordingsAdded })
          }
        } catch (error) {
          if (!CbirError.isInstance(error)) throw error
          throw new CbirError(error.code, error.message, { cause: error.cause, details: { ...error.details, recordingsAdded } })
        }
        return content.size
      }),
    match: (sound, { signal, onProgress } = {}) => calls.run(signal, () => find(opened(sound, signal, onProgress), signal)),
    matchMany: (sounds, { signal, onProgress } = {}) =>
      calls.run(signal, async () => {
        const answers: (RecordingMatch | undefined)[] = []
        for await (const sound of pulled(sounds, (one) => opened(one, signal), signal)) {
          answers.push(await find(sound, signal))
          onProgress?.({ done: answers.length })
        }
        return answers
      }),
    remove: (ids, { signal } = {}) =>
      calls.run(signal, () => {
        if (typeof ids !== 'object') raise('INVALID_ARGUMENT', 'ids are a list')
        const list = [...ids].map(checkId)
        const twice = list.find((id, i) => list.indexOf(id) !== i)
        if (twice !== undefined) raise('DUPLICATE_UID', `${twice} is given twice`, { uids: [twice] })
        const unknown = list.filter((id) => !content.has(id))
        if (unknown.length > 0) raise('UNKNOWN_UID', `${unknown} are not there`, { uids: unknown })
        return change(new Map([...content].filter(([id]) => !list.includes(id))))
      }),
    save: (to, { signal } = {}) => calls.run(signal, () => write(to)),
    flush: ({ signal } = {}) => calls.run(signal, () => (unsaved ? write(directory) : undefined)),
    dispose: () => calls.dispose(() => (unsaved ? write(directory) : undefined)),
  }
}

/** Opens the reference matcher that `directory` holds, or an empty one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceRecordingMatcher(directory: string): Promise<FullRecordingMatcher> {
  const stored = (await readCheckedFile(directory, FILE)) as [string, number[]][] | undefined
  return referenceRecordingMatcher(directory, new Map(stored))
}

function checkId(id: unknown): string {
  return typeof id === 'string' && id !== '' ? id : raise('INVALID_ARGUMENT', 'an id is a text')
}

const isAudible = (levels: readonly number[]): boolean => levels.length >= SHORTEST && levels.some((level) => level > 1e-6)

/** Begins to read a sound, so that a caller may change it. */
function opened(sound: Sound, signal?: AbortSignal, onProgress?: (progress: { done: number }) => void): OpenSound {
  const { samples, sampleRate } = (sound ?? {}) as Partial<Sound>
  if (!(typeof sampleRate === 'number' && sampleRate > 0 && sampleRate < 1e9)) raise('INVALID_ARGUMENT', 'a sound has a sample rate above 0')
  if (ArrayBuffer.isView(samples) && !(samples instanceof Float32Array)) raise('INVALID_ARGUMENT', 'samples are float32')
  const take = (chunk: Float32Array): Float32Array =>
    chunk instanceof Float32Array ? chunk.slice() : raise('INVALID_ARGUMENT', 'chunks are float32')
  const chunks = pulled(samples instanceof Float32Array ? [samples] : (samples as Iterable<Float32Array>), take, signal)
  const first = chunks.next()
  first.catch(() => undefined)
  return {
    async levels() {
      const levels: number[] = []
      const slice = new TimeSlice()
      let position = 0
      let sum = 0
      try {
        for (let step = await first; !step.done; step = await chunks.next()) {
          const chunk = step.value
          for (let i = 0; i < chunk.length; i++) {
            const value = chunk[i]!
            if (!Number.isFinite(value)) raise('NOT_FINITE', `sample ${position} is ${value}`, { position })
            sum += Math.abs(value)
            position++
            if (Math.floor((position * STEPS) / sampleRate!) > levels.length) {
              levels.push(sum)
              sum = 0
            }
            if (position % 4096 === 0 && slice.due()) {
              await slice.pause()
              checkSignal(signal)
            }
          }
          onProgress?.({ done: position })
        }
      } finally {
        await chunks.return()
      }
      return levels
    },
  }
}

/** How alike a sound is to every place of a recording at which it ends inside, from −1 to 1. */
async function likenesses(sound: readonly number[], recording: readonly number[], signal: AbortSignal | undefined): Promise<number[]> {
  const n = sound.length
  const own = sums(sound)
  const theirs = sums(recording)
  const spread = n * own.ofSquares[n]! - own.ofValues[n]! ** 2
  const places = Array.from({ length: Math.max(0, recording.length - n + 1) }, (_, at) => at)
  return mapInTurns(
    places,
    (at) => {
      let product = 0
      for (let i = 0; i < n; i++) product += sound[i]! * recording[at + i]!
      const total = theirs.ofValues[at + n]! - theirs.ofValues[at]!
      const squares = theirs.ofSquares[at + n]! - theirs.ofSquares[at]!
      return (n * product - own.ofValues[n]! * total) / Math.sqrt(spread * Math.max(0, n * squares - total * total) + 1e-12)
    },
    signal,
  )
}

/** Sums of the first 0, 1, 2, … values, and of their squares. */
function sums(values: readonly number[]): { ofValues: Float64Array; ofSquares: Float64Array } {
  const ofValues = new Float64Array(values.length + 1)
  const ofSquares = new Float64Array(values.length + 1)
  values.forEach((value, i) => {
    ofValues[i + 1] = ofValues[i]! + value
    ofSquares[i + 1] = ofSquares[i]! + value * value
  })
  return { ofValues, ofSquares }
}
