// What a side finds, for its recall: it writes row numbers to a file, which is read here.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readIds, recall } from './mnist.ts'

/** The row numbers that `find` writes to the path it is given. */
export async function foundIds(find: (output: string) => Promise<unknown>): Promise<Int32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-found-'))
  try {
    const output = join(folder, 'ids.i32')
    await find(output)
    return await readIds(output)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** recall@`k` of what `find` writes for queries 0, 1, … */
export async function foundRecall(k: number, find: (output: string) => Promise<unknown>): Promise<number> {
  return recall(await foundIds(find), k)
}
