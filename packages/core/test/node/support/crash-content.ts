// What the killed process writes, and how to tell whether it is whole.

import type { ContainerHeader, DescriptorItems } from '../../../src/index.ts'
import { directoryContainer, type FileDescriptorSet, openFileDescriptorSet } from '../../../src/node/index.ts'

export const FILES = ['small', 'large', 'empty'] as const

export const headerOf = (n: number): ContainerHeader => ({ type: 'crash-trial', formatVersion: 1, n })

/** Bytes that only write `n` has. */
export function contentOf(n: number, name: (typeof FILES)[number]): Uint8Array {
  const length = { small: 100, large: 300_000 + n * 7, empty: 0 }[name]
  return new Uint8Array(length).map((_, i) => (i * 31 + n * 17) & 255)
}

export function changeOf(n: number): 'add' | 'compact' {
  return n % 5 === 0 ? 'compact' : 'add'
}

const ROWS = 40
const DIMENSIONS = 300

/** Overwrites half of the rows of the batch before, adds as many, and a row that holds the number. */
export function batchOf(n: number): DescriptorItems {
  const uids = Array.from({ length: ROWS }, (_, i) => `row ${n * (ROWS / 2) + i}`)
  const data = new Float32Array((ROWS + 1) * DIMENSIONS).fill(n)
  return {
    uids: [...uids, 'n'],
    vectors: { data, count: ROWS + 1, dimensions: DIMENSIONS },
    attributes: [...uids.map(() => undefined), { n }],
  }
}

/** The number of the write that a container holds, 0 for none; throws where it is not whole. */
export async function wholeContainer(directory: string): Promise<number> {
  const opened = await directoryContainer.open(directory, { type: 'crash-trial' })
  if (!opened) return 0
  const n = Number(opened.header['n'])
  for (const name of FILES) {
    if (!Buffer.from(await opened.read(name)).equals(contentOf(n, name))) throw new Error(`${name} is not that of write ${n}`)
  }
  await opened.close()
  return n
}

/** The number of the last batch that a set holds, 0 for none; throws where it does not hold exactly the batches up to it. */
export async function wholeSet(directory: string): Promise<number> {
  const set: FileDescriptorSet = await openFileDescriptorSet({ directory })
  try {
    const expected = new Map<string, number>()
    const last = (await set.hasMany(['n']))[0] ? Number((await set.getAttributes(['n']))[0]?.['n']) : 0
    for (let n = 1; n <= last; n++) for (const uid of batchOf(n).uids) expected.set(uid, n)
    let rows = 0
    for await (const { uids, vectors } of set.items()) {
      uids.forEach((uid, i) => {
        const vector = vectors.data.subarray(i * vectors.dimensions, (i + 1) * vectors.dimensions)
        if (vectors.dimensions !== DIMENSIONS || vector.some((x) => x !== expected.get(uid)))
          throw new Error(`${uid} is not that of batch ${expected.get(uid)}`)
      })
      rows += uids.length
    }
    if (rows !== expected.size) throw new Error(`${rows} rows; ${expected.size} were written up to batch ${last}`)
    return last
  } finally {
    await set.dispose()
  }
}
