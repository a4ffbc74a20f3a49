// Windows of a recording as it is read: of two hours, only the window that is being filled is held.

import { JoinedPieces } from './joined-pieces.ts'
import type { FilledWindows } from './loader-config.ts'
import type { Recording } from './recording.ts'

/** A stretch of a recording, with its place in seconds. Its samples are there until the next one is asked for. */
export interface Stretch {
  readonly samples: Float32Array
  readonly start: number
  readonly end: number
}

/** The whole recording as one stretch, or its windows. */
export function stretches(recording: Recording, windows: FilledWindows | null): AsyncIterable<Stretch> {
  return windows === null ? whole(recording) : cut(recording, windows)
}

async function* whole({ sampleRate, declaredSamples, pieces }: Recording): AsyncGenerator<Stretch, void, undefined> {
  const together = new JoinedPieces(declaredSamples)
  try {
    for await (const piece of pieces()) together.add(piece)
    const samples = await together.samples()
    yield { samples, start: 0, end: samples.length / sampleRate }
  } finally {
    together.release()
  }
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
