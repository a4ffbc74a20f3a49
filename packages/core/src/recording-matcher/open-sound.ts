// The border of a matcher: sounds are copied, cut into chunks of a bearable length, and checked while they are read.

import type { CallOptions } from '../component/call-options.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { allFinite } from '../vectors/finite.ts'
import { pull, startNow } from '../vectors/pull.ts'
import { isSource } from '../vectors/source.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { Sound } from './recording-matcher.ts'
import type { SoundReader } from './recording-matcher-driver.ts'

/** Samples that are handled between two looks at the clock. */
const CHUNK = 1 << 16

export interface OpenSound extends SoundReader {
  /** Samples read so far. */
  readonly read: number
  /** Runs the `finally` of the caller's source. To be called in the end, read or not. */
  close(): Promise<unknown>
}

/** Takes a sound from its caller, before the caller has a promise. @throws CbirError INVALID_ARGUMENT; NOT_FINITE, SOURCE_FAILED and ABORTED when read */
export function openSound(sound: Sound, options: CallOptions): OpenSound {
  const { samples, sampleRate } = (sound ?? {}) as Partial<Sound>
  if (!(typeof sampleRate === 'number' && sampleRate > 0 && sampleRate < Number.POSITIVE_INFINITY)) {
    const got = typeof sampleRate === 'number' ? String(sampleRate) : describeType(sampleRate)
    throw new CbirError('INVALID_ARGUMENT', `The sampleRate of a sound must be a number of samples a second above 0, got ${got}.`)
  }
  const whole = samples instanceof Float32Array || describeType(samples) === 'Float32Array'
  if (!whole && (ArrayBuffer.isView(samples) || !isSource(samples))) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The samples of a sound must be a Float32Array or a source of them, got ${describeType(samples)}. Give one channel as float32.`,
    )
  }
  const source = whole ? [samples as Float32Array] : (samples as Exclude<Sound['samples'], Float32Array>)
  const chunks = startNow(pull(source, copied, options.signal))
  let read = 0
  async function* pieces(): AsyncGenerator<Float32Array, void, undefined> {
    for await (const chunk of chunks.values) {
      for (let from = 0; from < chunk.length; from += CHUNK) {
        const piece = chunk.subarray(from, from + CHUNK)
        if (!allFinite(piece)) {
          const at = piece.findIndex((value) => !Number.isFinite(value))
          throw new CbirError(
            'NOT_FINITE',
            `Sample ${read + at} of the sound is ${piece[at]}. Only finite numbers are allowed: repair the sound first.`,
            {
              details: { position: read + at },
            },
          )
        }
        yield piece
        read += piece.length
        options.onProgress?.({ done: read })
      }
    }
  }
  return {
    sampleRate,
    chunks: pieces(),
    get read() {
      return read
    },
    close: chunks.close,
  }
}

function copied(chunk: Float32Array): Float32Array {
  if (describeType(chunk) === 'Float32Array') return chunk.slice()
  throw new CbirError('INVALID_ARGUMENT', `The chunks of a sound must be Float32Arrays, got ${describeType(chunk)}.`)
}
