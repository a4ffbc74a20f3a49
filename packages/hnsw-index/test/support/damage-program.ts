// <file> <rounds>: damages copies of a file of hnswlib at random, reads them, and asks what was read; prints how it went.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CbirError } from '@cbir/core'
import { readHnswlibFile } from '@cbir/hnsw-index'

const [file, rounds] = [process.argv[2]!, Number(process.argv[3])]
const whole = await readFile(file)
let state = 12345
const below = (n: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0
  return (state >>> 8) % n
}

function damage(kind: number): Buffer {
  if (kind === 0) return whole.subarray(0, below(whole.length))
  if (kind === 1) return Buffer.concat([whole, Buffer.alloc(1 + below(100), below(256))])
  const copy = Buffer.from(whole)
  const reach = kind === 2 ? 96 : whole.length
  for (let i = 1 + below(64); i > 0; i--) copy[below(reach)]! ^= 1 + below(255)
  return copy
}

const folder = await mkdtemp(join(tmpdir(), 'damaged-'))
let refused = 0
let answered = 0
for (let round = 0; round < rounds; round++) {
  const path = join(folder, 'file')
  await writeFile(path, damage(round % 4))
  try {
    const index = await readHnswlibFile(path, { metric: 'euclidean', codes: round % 8 < 4 ? 'none' : 'int8' })
    const dimensions = index.dimensions!
    const queries = { data: new Float32Array(4 * dimensions).fill(0.5), count: 4, dimensions }
    const found = await index.nearest(queries, 20)
    if (found.uids.length !== 80) throw new Error(`${found.uids.length} neighbours for 4 queries`)
    await index.update([{ uids: ['new'], vectors: { data: new Float32Array(dimensions), count: 1, dimensions } }])
    await index.dispose()
    answered++
  } catch (error) {
    if (!CbirError.isInstance(error) || error.code === 'ADAPTER_FAULT') throw error
    refused++
  }
}
await rm(folder, { recursive: true })
console.log(JSON.stringify({ refused, answered }))
