// What can be opened, as a source of bytes whose beginning can be looked at.

import { type CallOptions, CbirError, type DataElement, describeType } from '@cbir/core'
import { abortable, toCbirError } from '@cbir/core/define'
import { memoryDataElement } from '@cbir/core/memory'
import type { AudioSource } from './audio-decoder.ts'

/** A data element, the bytes of a file, or another source of bytes. */
export type AudioBytes = DataElement | Uint8Array | AudioSource

/** A source, and its type where it says one. */
export interface AudioFile extends AudioSource {
  contentType(options: CallOptions): Promise<string | undefined>
}

/** Bytes are copied before this returns, so the caller may change them afterwards. @throws CbirError INVALID_ARGUMENT */
export function audioFile(input: AudioBytes): AudioFile {
  if (input instanceof Uint8Array) return audioFile(memoryDataElement(input, { label: `${input.length} bytes in memory` }))
  const source = input as Partial<DataElement> | null | undefined
  if (typeof source !== 'object' || source === null || typeof source.stream !== 'function' || typeof source.label !== 'string') {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `A sound must be a data element, the bytes of a file (Uint8Array), or { label, stream }; got ${describeType(input)}.`,
    )
  }
  const { label } = source
  return {
    label,
    stream: (options) => source.stream!(options),
    contentType: async (options) => source.contentType?.(options),
  }
}

/** A source whose beginning was read: it stands before the rest of the first stream. */
export class PeekedSource implements AudioSource {
  readonly label: string
  private readonly source: AudioSource
  private readonly options: CallOptions
  private head: Uint8Array = new Uint8Array()
  private chunks: AsyncIterator<Uint8Array> | undefined
  private begun = false
  private waiting = false

  constructor(source: AudioSource, options: CallOptions) {
    this.label = source.label
    this.source = source
    this.options = options
    this.chunks = foreign(source, options)[Symbol.asyncIterator]()
  }

  /** The first `count` bytes, or more, or all that there are. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.head.length < count && this.chunks) {
      // The source may fill the memory of its last chunk again.
      this.head = new Uint8Array(this.head)
      this.waiting = true
      const step = await abortable(this.chunks.next(), this.options.signal)
      this.waiting = false
      if (step.done) break
      if (this.head.length === 0) this.head = step.value
      else {
        const joined = new Uint8Array(this.head.length + step.value.length)
        joined.set(this.head)
        joined.set(step.value, this.head.length)
        this.head = joined
      }
    }
    return this.head
  }

  stream(options?: CallOptions): AsyncIterable<Uint8Array> {
    if (this.begun) return foreign(this.source, options ?? {})
    this.begun = true
    return this.rest()
  }

  /** Ends what was begun and never read. */
  async close(): Promise<void> {
    const { chunks } = this
    this.chunks = undefined
    const closed = Promise.resolve(chunks?.return?.()).catch(() => undefined)
    if (!this.waiting) await closed
  }

  private async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    const { chunks, head } = this
    this.chunks = undefined
    this.head = new Uint8Array()
    try {
      if (head.length > 0) yield head
      for (;;) {
        const step = await chunks?.next()
        if (!step || step.done) return
        yield step.value
      }
    } finally {
      await chunks?.return?.()
    }
  }
}

/** What somebody's source throws is made typed. */
async function* foreign(source: AudioSource, options: CallOptions): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* source.stream(options)
  } catch (error) {
    throw toCbirError(error, 'SOURCE_FAILED', `${source.label} could not be read`)
  }
}
