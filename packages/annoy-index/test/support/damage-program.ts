// Reads damaged files of Annoy, one after the other, and asks each that opens: prints how each ended.
// Arguments: the whole file, metric, dimensions, a folder to write in, rounds, seed.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readAnnoyFile } from '@cbir/annoy-index'
import { AnnoyIndex } from '@cbir/annoy-index/compat'
import { randomFrom } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { randomVectors } from './vectors.ts'

const [whole, metric, dimensionsText, folder, rounds, seed] = process.argv.slice(2) as [string, 'euclidean', string, string, string, string]
const dimensions = Number(dimensionsText)
const { integer: below } = randomFrom(Number(seed))
const bytes = await readFile(whole)
const queries = randomVectors(8, 3, dimensions, metric)
const compatMetric = ({ 'annoy-angular': 1, euclidean: 2, manhattan: 3, 'inner-product': 4 } as Record<string, 1 | 2 | 3 | 4>)[metric]

function damaged(): Buffer {
  const kind = below(5)
  if (kind === 0) return bytes.subarray(0, below(bytes.length))
  if (kind === 1) return Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + below(3000) }, () => below(256)))])
  const copy = Buffer.from(bytes)
  // Half of the damage among the trees, which follow the items.
  const from = kind === 2 ? 0 : Math.floor(bytes.length * 0.8)
  for (let i = 1 + below(64); i > 0; i--) copy[from + below(bytes.length - from)] = below(256)
  return copy
}

for (let round = 0; round < Number(rounds); round++) {
  const path = join(folder, 'damaged.ann')
  await writeFile(path, damaged())
  let answer = 'opened'
  try {
    const index = await readAnnoyFile(path, { metric, dimensions })
    const { count } = index
    const found = await index.nearest(queries, 7, { tuning: { searchK: 30 } })
    for (const uid of found.uids) if (!(Number(uid) < count)) answer = `found ${uid}`
    await index.dispose()
  } catch (error) {
    answer = CbirError.isInstance(error) ? error.code : String(error)
  }
  if (compatMetric) {
    const index = new AnnoyIndex(dimensions, compatMetric)
    try {
      index.load(path)
      index.get_nns_by_vector(queries.data.slice(0, dimensions), 5, true)
      if (answer !== 'opened') answer = `${answer}, but AnnoyIndex opened it`
    } catch (error) {
      if (!CbirError.isInstance(error) || error.code !== answer) answer = `${answer}, but AnnoyIndex: ${String(error)}`
    }
  }
  console.log(answer)
}
console.log('end')
