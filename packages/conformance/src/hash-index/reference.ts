// The reference hash index: a Map from code to row that is replaced, not changed, and a loop over all of it.

import type {
  BitBatch,
  CodeNeighbours,
  HashIndex,
  HashIndexCapability,
  PersistableHashIndex,
  RemovableHashIndex,
  UpdatableHashIndex,
} from '@cbir/core'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { applied, checkSignal, mapInTurns, pulled, raise, trackCalls } from '../framework/reference-tools.ts'
import { batchOf, codeAt, codeDistance } from './codes.ts'

/** Everything that a hash index can do. */
export type FullHashIndex = HashIndex & UpdatableHashIndex & RemovableHashIndex & PersistableHashIndex

interface Content {
  readonly rows: ReadonlyMap<string, number>
  readonly bits: number
}

const FILE = 'reference-hash-index.json'

/** Makes a reference hash index. With `directory` it keeps itself there, and must be opened with {@link openReferenceHashIndex}. */
export function referenceHashIndex(directory?: string, stored?: Content): FullHashIndex {
  let content = stored
  let unsaved = false
  let changes: Promise<unknown> = Promise.resolve()
  const calls = trackCalls()

  async function write(to: string | undefined): Promise<void> {
    if (to === undefined || !content) return
    const { rows, bits } = content
    if (to === directory) unsaved = false
    await writeCheckedFile(to, FILE, { bits, rows: [...rows] })
  }
  /** One change after another, so that none is lost. */
  function change(next: (now: Content | undefined) => Promise<Content | undefined>): Promise<number> {
    const turn = changes.then(async () => {
      content = await next(content)
      unsaved = true
      return content?.rows.size ?? 0
    })
    changes = turn.catch(() => undefined)
    return turn
  }
  const filled = (): Content => (content && content.rows.size > 0 ? content : raise('EMPTY_INDEX', 'the index holds no code'))

  return {
    kind: 'hash-index',
    name: 'reference-hash-index',
    apiVersion: 1,
    capabilities: new Set<HashIndexCapability>(['update', 'remove', 'persist', 'exact']),
    toConfig: () => ({ type: 'reference-hash-index', package: '@cbir/conformance', config: {} }),
    get count() {
      return content?.rows.size ?? 0
    },
    get bits() {
      return content?.bits
    },
    build: (source, { signal, onProgress } = {}) =>
      calls.run(signal, async () => {
        let next: Content | undefined
        for await (const batch of pulled(source, copyOf, signal)) {
          next = await withCodes(next, batch, signal)
          onProgress?.({ done: next?.rows.size ?? 0 })
        }
        checkSignal(signal)
        if (!next) return raise('EMPTY_BUILD', 'there is nothing to build from')
        content = next
        await write(directory)
        return next.rows.size
      }),
    update: (source, options = {}) =>
      calls.run(options.signal, async () => {
        await applied(source, copyOf, (batch) => change((now) => withCodes(now, batch)), options)
        return content?.rows.size ?? 0
      }),
    remove: (codes, { signal } = {}) =>
      calls.run(signal, async () => {
        const own = copyOf(codes)
        return change(async (now) => {
          checkBits(own, now?.bits)
          const rows = new Map(now?.rows)
          const all = await mapInTurns(Array.from({ length: own.count }), (_, i) => codeAt(own, i))
          const known = await mapInTurns(all, (code) => rows.has(code))
          const unknown = known.flatMap((is, i) => (is ? [] : [i]))
          if (unknown.length > 0) raise('UNKNOWN_UID', `codes ${unknown.join(', ')} are not in the index`, { positions: unknown })
          await mapInTurns(all, (code, i) => rows.delete(code) || raise('DUPLICATE_UID', `code ${i} is given twice`, { positions: [i] }))
          return now && { rows, bits: now.bits }
        })
      }),
    nearest: (queries, k, { signal } = {}) =>
      calls.run(signal, async () => {
        if (!Number.isInteger(k) || k < 1) raise('INVALID_ARGUMENT', `k must be a positive integer, got ${String(k)}`)
        const { rows, bits } = filled()
        const own = checkBits(copyOf(queries), bits)
        const answers: { code: string; row: number; distance: number }[][] = []
        for (let i = 0; i < own.count; i++) {
          const query = codeAt(own, i)
          const found = await mapInTurns([...rows], ([code, row]) => ({ code, row, distance: codeDistance(query, code) }), signal)
          answers.push(found.sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k))
        }
        return neighboursOf(answers, bits)
      }),
    rowsOf: (codes, { signal } = {}) =>
      calls.run(signal, async () => {
        const own = copyOf(codes)
        const now = content
        if (now) checkBits(own, now.bits)
        const rowAt = (_: unknown, i: number): number => now?.rows.get(codeAt(own, i)) ?? -1
        return Int32Array.from(await mapInTurns(Array.from({ length: own.count }), rowAt, signal))
      }),
    save: (to, { signal } = {}) => calls.run(signal, () => (content ? write(to) : raise('EMPTY_INDEX', 'there is nothing to save'))),
    flush: ({ signal } = {}) => calls.run(signal, () => (unsaved ? write(directory) : undefined)),
    dispose: () => calls.dispose(() => (unsaved ? write(directory) : undefined)),
  }
}

/** Opens the reference hash index that `directory` holds, or an empty one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceHashIndex(directory: string): Promise<FullHashIndex> {
  const stored = (await readCheckedFile(directory, FILE)) as { bits: number; rows: [string, number][] } | undefined
  return referenceHashIndex(directory, stored && { bits: stored.bits, rows: new Map(stored.rows) })
}

function copyOf(codes: BitBatch): BitBatch {
  const { data, count, bits, stride } = codes ?? {}
  const fits = data instanceof Uint8Array && bits >= 1 && Number.isInteger(count) && stride === Math.ceil(bits / 64) * 8
  if (!fits || data.length !== count * stride) return raise('INVALID_ARGUMENT', 'codes must be a bit batch')
  for (let i = 0; i < count; i++) {
    for (let j = bits; j < stride * 8; j++) {
      if (((data[i * stride + (j >> 3)]! >> (j & 7)) & 1) === 1) raise('INVALID_ARGUMENT', 'the bits past the code must be 0')
    }
  }
  return { data: data.slice(), count, bits, stride }
}

function checkBits(batch: BitBatch, bits: number | undefined): BitBatch {
  if (bits !== undefined && batch.bits !== bits) raise('DIMENSION_MISMATCH', `the index has codes of ${bits} bits, not ${batch.bits}`)
  return batch
}

/** The content with the codes of a batch; those that are there already stay, others get the smallest rows that are free. */
async function withCodes(now: Content | undefined, batch: BitBatch, signal?: AbortSignal): Promise<Content | undefined> {
  checkBits(batch, now?.bits)
  if (batch.count === 0) return now
  const rows = new Map(now?.rows)
  const used = new Set(rows.values())
  let free = 0
  const add = (_: unknown, i: number): void => {
    const code = codeAt(batch, i)
    if (rows.has(code)) return
    while (used.has(free)) free++
    rows.set(code, free++)
  }
  await mapInTurns(Array.from({ length: batch.count }), add, signal)
  return { rows, bits: batch.bits }
}

function neighboursOf(answers: readonly { code: string; row: number; distance: number }[][], bits: number): CodeNeighbours {
  const offsets = new Uint32Array(answers.length + 1)
  for (const [i, { length }] of answers.entries()) offsets[i + 1] = offsets[i]! + length
  const flat = answers.flat()
  const codes = batchOf(
    flat.map(({ code }) => code),
    bits,
  )
  return {
    rows: Uint32Array.from(flat, ({ row }) => row),
    codes,
    distances: Float32Array.from(flat, ({ distance }) => distance),
    offsets,
    hits: (i) => answers[i]!.map(({ code, distance }) => ({ bits: Array.from(code, (bit) => bit === '1'), distance: Math.fround(distance) })),
  }
}
