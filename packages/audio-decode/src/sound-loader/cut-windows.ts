// Windows of a recording as it is read: of two hours, only the window that is being filled is held.

import { inSlices, scratchMemory } from '@cbir/core/define'
import type { FilledWindows } from './loader-config.ts'
import type { Recording } from './recording.ts'

/** A stretch of a recording, with its place in seconds. Its samples are there until the next one is asked for. */
export interface Stretch {
  readonly samples: Float32Array
  readonly start: number
  readonly end: number
}

/** Samples copied between two looks at the clock. */
const JOINED = 1 << 18
/** Samples that are put together as they come, 16 MB: more of them are not copied from one memory to a larger one at once. */
const SHORT = 1 << 22
/** Samples for which there is room at first, where the header does not say how many there are. */
const FIRST = 1 << 16

/** The whole recording as one stretch, or its windows. */
export function stretches(recording: Recording, windows: FilledWindows | null): AsyncIterable<Stretch> {
  return windows === null ? whole(recording) : cut(recording, windows)
}

/** Pieces of a short recording are put where they belong as they come; those beyond are joined when all are here. */
async function* whole({ sampleRate, declaredSamples = FIRST, pieces }: Recording): AsyncGenerator<Stretch, void, undefined> {
  let short = scratchMemory.floats(Math.min(declaredSamples, SHORT))
  let filled = 0
  const others: Float32Array[] = []
  try {
    for await (const piece of pieces()) {
      const end = filled + piece.length
      if (others.length > 0 || end > SHORT) {
        others.push(piece)
        continue
      }
      if (end > short.length) {
        const longer = scratchMemory.floats(Math.min(SHORT, Math.max(end, 2 * short.length)))
        longer.set(short)
        scratchMemory.giveBack(short)
        short = longer
      }
      short.set(piece, filled)
      filled = end
    }
    const begin = short.subarray(0, filled)
    const samples = others.length === 0 ? begin : await joined(filled === 0 ? others : [begin, ...others])
    yield { samples, start: 0, end: samples.length / sampleRate }
  } finally {
    scratchMemory.giveBack(short)
  }
}

async function joined(parts: readonly Float32Array[]): Promise<Float32Array> {
  if (parts.length === 1) return parts[0]!
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  const join = (from: number, to: number): void => {
    for (const part of parts.slice(from, to)) {
      samples.set(part, at)
      at += part.length
    }
  }
  await inSlices(parts.length, Math.max(1, Math.floor((JOINED * parts.length) / samples.length)), join)
  return samples
}

/** Window i begins at the sample nearest to i · every seconds; all have the same number of samples. */
async function* cut({ sampleRate, pieces }: Recording, { seconds, every, tail }: FilledWindows): AsyncGenerator<Stretch, void, undefined> {
  const length = Math.max(1, Math.round(seconds * sampleRate))
  const startOf = (i: number): number => Math.round(i * every * sampleRate)
  /** Samples from `first` on; `held` of them are here. */
  const window = new Float32Array(length)
  let first = 0
  let held = 0
  let number = 0
  let read = 0
  let covered = 0

  const give = function* (): Generator<Stretch> {
    covered = first + held
    yield { samples: window, start: first / sampleRate, end: (first + held) / sampleRate }
    const next = startOf(++number)
    window.copyWithin(0, Math.min(held, next - first), held)
    held = Math.max(0, held - (next - first))
    first = next
  }

  for await (const piece of pieces()) {
    let at = 0
    while (at < piece.length) {
      // Between two windows that do not touch, samples are left out.
      if (read < first + held) {
        const left = Math.min(piece.length - at, first + held - read)
        at += left
        read += left
        continue
      }
      const taken = Math.min(piece.length - at, length - held)
      window.set(piece.subarray(at, at + taken), held)
      held += taken
      at += taken
      read += taken
      while (held === length) yield* give()
    }
  }
  const wanted = tail === 'pad' || (tail === 'pad-short' && number === 0)
  if (wanted && held > 0 && read > covered) {
    window.fill(0, held)
    yield* give()
  }
}
