// Codecs in this thread, for places without threads of ours. A batch of packets takes a few milliseconds; then the event loop has its turn.

import { CbirError } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { runCodec } from '../../worker/load-codec.mjs'
import type { CodecHost, Decoded, Packets } from './codec-host.ts'

/** Packets decoded between two looks at the clock. */
const STEP = 8

export const inlineCodecs: CodecHost = {
  async create(module, options) {
    const { createCodec } = await module.load()
    const codec = await createCodec(options as never, {}).catch((cause: unknown) => {
      throw new CbirError('CORRUPT_DATA', `The decoder refused the header: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    })
    let freed = false
    return {
      async decode(packets) {
        const slice = new TimeSlice()
        const parts: Decoded[] = []
        for (const part of split(packets)) {
          if (slice.due()) await slice.pause()
          parts.push(runCodec(codec, part))
        }
        return join(parts)
      },
      digest: async () => codec.digest?.(),
      async free() {
        if (!freed) codec.free()
        freed = true
      },
    }
  },
}

function* split({ bytes, sizes }: Packets): Generator<Packets> {
  let at = 0
  for (let i = 0; i < sizes.length; i += STEP) {
    const part = sizes.slice(i, i + STEP)
    const length = part.reduce((sum, size) => sum + size, 0)
    yield { bytes: bytes.subarray(at, at + length), sizes: part }
    at += length
  }
}

function join(parts: readonly Decoded[]): Decoded {
  const width = Math.max(0, ...parts.map(({ channels }) => channels.length))
  const counts = Int32Array.from(parts.flatMap((part) => [...part.counts]))
  const channels = Array.from({ length: width }, (_, channel) => {
    const pieces = parts.filter(({ channels }) => channels.length > 0).map(({ channels }) => channels[Math.min(channel, channels.length - 1)]!)
    const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      all.set(piece, at)
      at += piece.length
    }
    return all
  })
  return { channels, counts, sampleRate: parts.findLast(({ sampleRate }) => sampleRate > 0)?.sampleRate ?? 0 }
}
