// The file of an ItemTable: JSON lines, the first about the pipeline, then one for each item.

import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { ItemRecord } from './item-table.ts'

const FORMAT_VERSION = 1
const LINES_PER_CHUNK = 512

/** The first line. */
export interface PipelineHeader {
  readonly formatVersion: number
  readonly producer: string
  readonly nextUid: number
  /** Loader, extractor, index and query encoder as configuration, where they all can be written so. */
  readonly components?: Readonly<Record<string, unknown>> | undefined
}

/** An item as it is written: id, metadata (null where there is none), and for each part its uid, start and end. */
type ItemLine = readonly [id: string, metadata: unknown, parts: readonly (readonly [uid: string, start: number | null, end: number | null])[]]

/** The lines, in chunks of bytes. */
export async function* writeItemTable(
  header: Omit<PipelineHeader, 'formatVersion'>,
  items: Iterable<ItemRecord<unknown>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  const slice = new TimeSlice()
  let lines = [JSON.stringify({ formatVersion: FORMAT_VERSION, ...header })]
  for (const { id, metadata, uids, parts } of items) {
    const line: ItemLine = [id, metadata ?? null, uids.map((uid, i) => [uid, parts[i]?.start ?? null, parts[i]?.end ?? null])]
    lines.push(JSON.stringify(line))
    if (lines.length >= LINES_PER_CHUNK) {
      yield encoder.encode(`${lines.join('\n')}\n`)
      lines = []
    }
    if (slice.due()) await slice.pause()
  }
  yield encoder.encode(`${lines.join('\n')}\n`)
}

/** What the lines say; `visit` gets each item. @throws CbirError CORRUPT_DATA */
export async function readItemTable(bytes: Uint8Array, visit: (item: ItemRecord<unknown>) => void): Promise<PipelineHeader> {
  const slice = new TimeSlice()
  let header: PipelineHeader | undefined
  for (const line of linesOf(bytes)) {
    const value = parse(line)
    if (header) visit(toRecord(value))
    else header = checkHeader(value)
    if (slice.due()) await slice.pause()
  }
  if (!header) throw corrupt('it is empty')
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

function toRecord(value: unknown): ItemRecord<unknown> {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !Array.isArray(value[2])) throw corrupt('a line is not an item')
  const [id, metadata, parts] = value as unknown as ItemLine
  return {
    id,
    metadata: metadata ?? undefined,
    uids: parts.map(([uid]) => uid),
    parts: parts.map(([, start, end], index) => ({ index, ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) })),
  }
}

function corrupt(message: string, cause?: unknown): CbirError {
  return new CbirError('CORRUPT_DATA', `The table of items of a saved pipeline is damaged: ${message}. Restore it from a copy or build it again.`, {
    cause,
  })
}
