// A process that hosts our hash indexes and is asked as the peers are: what it times goes through the public methods, awaited.

import type { BitBatch } from '@cbir/core'
import { ballTreeHashIndex, type ExactHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'
import { type Commands, serve, timed } from '../host.ts'
import { clusteredCodes, uniformCodes } from './hash-codes.ts'
import { plantedCodes } from './planted-codes.ts'

const PLUGINS = { linear: linearHashIndex, 'multi-index': multiIndexHashing, 'ball-tree': ballTreeHashIndex } as const
/** Codes that a build's source gives at a time. */
const SOURCE_CODES = 50_000

const indexes = new Map<string, ExactHashIndex>()
let base: BitBatch | undefined
let queries: BitBatch | undefined

const COMMANDS: Commands = {
  async uniform([count, bits, asked]) {
    base = uniformCodes(Number(count), Number(bits), 1)
    queries = uniformCodes(Number(asked), Number(bits), 2)
    return {}
  },
  async planted([count, perRadius, k, ...radii]) {
    ;({ base, queries } = plantedCodes(Number(count), radii.map(Number), Number(perRadius), Number(k)))
    return {}
  },
  async clustered([count, sigma, asked]) {
    base = clusteredCodes(Number(count), Number(sigma), 1)
    queries = clusteredCodes(Number(asked), Number(sigma), 2)
    return {}
  },
  /** Builds an index of one kind over the codes. */
  async build([kind]) {
    await indexes.get(kind!)?.dispose()
    const index = await PLUGINS[kind as keyof typeof PLUGINS]()
    indexes.set(kind!, index)
    return timed(() => index.build(pieces(base!)))
  },
  /** One query after another. Tells how far the last neighbour was at the median, in bits. */
  async one([kind, from, count, k]) {
    const index = indexes.get(kind!)!
    const farthest: number[] = []
    const answer = await timed(async () => {
      for (let i = Number(from); i < Number(from) + Number(count); i++) {
        const { distances } = await index.nearest(part(queries!, i, i + 1), Number(k))
        farthest.push(Math.round(distances.at(-1)! * queries!.bits))
      }
    })
    farthest.sort((a, b) => a - b)
    return { ...answer, farthest: farthest[farthest.length >> 1]! }
  },
  /** Adds codes that are not there yet, or removes those again. */
  async update([kind, count]) {
    const index = indexes.get(kind!)!
    return timed(() => index.update([uniformCodes(Number(count), base!.bits, 3)]))
  },
  async remove([kind, count]) {
    const index = indexes.get(kind!)!
    return timed(() => index.remove(uniformCodes(Number(count), base!.bits, 3)))
  },
}

function part({ data, bits, stride }: BitBatch, from: number, to: number): BitBatch {
  return { data: data.subarray(from * stride, to * stride), count: to - from, bits, stride }
}

function* pieces(codes: BitBatch): Generator<BitBatch> {
  for (let from = 0; from < codes.count; from += SOURCE_CODES) yield part(codes, from, Math.min(codes.count, from + SOURCE_CODES))
}

await serve(COMMANDS)
