import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CbirError } from '../../src/index.ts'
import type { ItemRecord } from '../../src/pipeline/item-table.ts'
import { readItemTable, readPipelineHeader, writeItemTable } from '../../src/pipeline/item-table-file.ts'

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

async function write(records: readonly ItemRecord<unknown>[], header: object = {}): Promise<{ bytes: Uint8Array; chunks: number }> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeItemTable({ producer: 'p', nextUid: 1000, ...header }, each(records))) chunks.push(chunk)
  return { bytes: new Uint8Array(Buffer.concat(chunks)), chunks: chunks.length }
}

async function read(bytes: Uint8Array): Promise<ItemRecord<unknown>[]> {
  const records: ItemRecord<unknown>[] = []
  await readItemTable(bytes, (record) => records.push(record))
  return records
}

const corrupt = (error: unknown): boolean => CbirError.isInstance(error, 'CORRUPT_DATA')
const text = (lines: string): Uint8Array => new TextEncoder().encode(lines)

describe('the file of an item table', () => {
  it('gives back every id, part and metadata', async () => {
    const place = fc.option(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      { nil: undefined },
    )
    const record = fc
      .record({
        id: fc.string({ unit: 'binary', minLength: 1 }),
        metadata: fc.option(fc.jsonValue(), { nil: undefined }),
        places: fc.array(fc.tuple(place, place), { maxLength: 4 }),
      })
      .map(
        ({ id, metadata, places }): ItemRecord<unknown> => ({
          id,
          metadata: metadata === undefined ? undefined : JSON.parse(JSON.stringify(metadata)),
          uids: places.map((_, i) => String(i)),
          parts: places.map(([start, end], index) => JSON.parse(JSON.stringify({ index, start, end }))),
        }),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(record), async (records) => {
        expect(await read((await write(records)).bytes)).toEqual(records)
      }),
    )
  })

  it('is written in chunks of moderate size, whatever the items are', async () => {
    const large = Array.from({ length: 40 }, (_, i) => ({ id: `i${i}`, metadata: 'x'.repeat(50_000), uids: [], parts: [] }))
    expect((await write(large)).chunks).toBe(20)
  })

  it('has a header that can be read alone', async () => {
    const { bytes } = await write([], { components: { index: { type: 'x' } } })
    expect(readPipelineHeader(bytes)).toEqual({ formatVersion: 1, producer: 'p', nextUid: 1000, components: { index: { type: 'x' } } })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'header\n'],
    ['no header', '[]\n'],
    ['another format', '{"formatVersion":2,"producer":"p","nextUid":0}\n'],
    ['no producer', '{"formatVersion":1,"nextUid":0}\n'],
    ['half a line', '{"formatVersion":1,"producer":"p","nextUid":9}\n["a",[["0",nu'],
    ['an item without parts', '{"formatVersion":1,"producer":"p","nextUid":9}\n["a"]\n'],
    ['an item without an id', '{"formatVersion":1,"producer":"p","nextUid":9}\n[7,[]]\n'],
    ['a part that is none', '{"formatVersion":1,"producer":"p","nextUid":9}\n["a",[null]]\n'],
    ['a place that is none', '{"formatVersion":1,"producer":"p","nextUid":9}\n["a",[["0","x",null]]]\n'],
    ['a uid that would be given out again', '{"formatVersion":1,"producer":"p","nextUid":9}\n["a",[["9",null,null]]]\n'],
  ])('is CORRUPT_DATA with %s', async (_, lines) => {
    await expect(read(text(lines))).rejects.toSatisfy(corrupt)
  })
})
