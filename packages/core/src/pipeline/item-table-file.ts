// The file of an ItemTable: JSON lines, the first about the pipeline, then one for each item.

import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { ItemRecord } from './item-table.ts'

const FORMAT_VERSION = 1
/** Characters in a chunk, about; a line is never cut. */
const CHUNK = 1 << 16

/** The first line. */
export interface PipelineHeader {
  readonly formatVersion: number
  readonly producer: string
  readonly nextUid: number
  /** Loader, extractor, index and query encoder as configuration, where they all can be written so. */
  readonly components?: Readonly<Record<string, unknown>> | undefined
}

/** An item as it is written: id, for each part its uid, start and end, and metadata where there is any. */
type ItemLine = readonly [id: string, parts: readonly (readonly [uid: string, start: number | null, end: number | null])[], metadata?: unknown]

/** The lines, in chunks of bytes. */
export async function* writeItemTable(
  header: Omit<PipelineHeader, 'formatVersion'>,
  items: AsyncIterable<ItemRecord<unknown>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  let lines = `${JSON.stringify({ formatVersion: FORMAT_VERSION, ...header })}\n`
  for await (const { id, metadata, uids, parts } of items) {
    const named = uids.map((uid, i) => [uid, parts[i]?.start ?? null, parts[i]?.end ?? null] as const)
    const line: ItemLine = metadata === undefined ? [id, named] : [id, named, metadata]
    lines += `${JSON.stringify(line)}\n`
    if (lines.length < CHUNK) continue
    yield encoder.encode(lines)
    lines = ''
  }
  if (lines !== '') yield encoder.encode(lines)
}

/** The first of the lines. @throws CbirError CORRUPT_DATA */
export function readPipelineHeader(bytes: Uint8Array): PipelineHeader {
  for (const line of linesOf(bytes)) return checkHeader(parse(line))
  throw corrupt('it is empty')
}

/** What the lines say; `visit` gets each item. @throws CbirError CORRUPT_DATA */
export async function readItemTable(bytes: Uint8Array, visit: (item: ItemRecord<unknown>) => void): Promise<PipelineHeader> {
  const slice = new TimeSlice()
  const header = readPipelineHeader(bytes)
  let first = true
  for (const line of linesOf(bytes)) {
    if (!first) visit(toRecord(parse(line), header.nextUid))
    first = false
    if (slice.due()) await slice.pause()
  }
  return header
}

function* linesOf(bytes: Uint8Array): Generator<string, void, undefined> {
  const decoder = new TextDecoder()
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from)
    const to = end < 0 ? bytes.length : end
    yield decoder.decode(bytes.subarray(from, to))
    from = to + 1
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw corrupt('a line is not JSON', error)
  }
}

function checkHeader(value: unknown): PipelineHeader {
  const header = value as Partial<PipelineHeader> | null
  if (header?.formatVersion !== FORMAT_VERSION || typeof header.producer !== 'string' || !Number.isSafeInteger(header.nextUid)) {
    throw corrupt(`its first line is not that of format ${FORMAT_VERSION}`)
  }
  return header as PipelineHeader
}

function toRecord(value: unknown, nextUid: number): ItemRecord<unknown> {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !Array.isArray(value[1])) throw corrupt('a line is not an item')
  for (const part of value[1] as unknown[]) if (!isPart(part, nextUid)) throw corrupt(`a part of ${JSON.stringify(value[0])} is none`)
  const [id, parts, metadata] = value as unknown as ItemLine
  return {
    id,
    metadata,
    uids: parts.map(([uid]) => uid),
    parts: parts.map(([, start, end], index) => ({ index, ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) })),
  }
}

function isPart(part: unknown, nextUid: number): boolean {
  if (!Array.isArray(part)) return false
  const [uid, start, end] = part as unknown[]
  const isPlace = (place: unknown): boolean => place === null || typeof place === 'number'
  return typeof uid === 'string' && Number(uid) < nextUid && isPlace(start) && isPlace(end)
}

function corrupt(message: string, cause?: unknown): CbirError {
  return new CbirError('CORRUPT_DATA', `The table of items of a saved pipeline is damaged: ${message}. Restore it from a copy or build it again.`, {
    cause,
  })
}
