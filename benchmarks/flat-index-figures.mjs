// The second table in the README of flat-index: `node benchmarks/flat-index-figures.mjs`, after a build. Random vectors; medians, in milliseconds.

import { vectorBatchOf } from '@cbir/core'
import { flatIndex, nativeProblem } from '@cbir/flat-index'

if (nativeProblem() !== undefined) console.log(nativeProblem())

/** Vectors of normal numbers: sums of uniform ones. */
function random(count, dimensions, positive) {
  const data = new Float32Array(count * dimensions)
  for (let i = 0; i < data.length; i++) {
    const x = Math.random() + Math.random() + Math.random() - 1.5
    data[i] = positive ? Math.abs(x) : x
  }
  return { data, count, dimensions }
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]

/** Milliseconds of each of these calls, interleaved. */
async function time(calls, rounds) {
  const times = calls.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < calls.length; i++) {
      const began = performance.now()
      await calls[i](round)
      times[i].push(performance.now() - began)
    }
  }
  return times.map((of) => median(of).toFixed(2))
}

const ways = [
  { implementation: 'native', storage: 'float32' },
  { implementation: 'native', storage: 'float16' },
  { implementation: 'native', storage: 'int8' },
  { implementation: 'typescript', storage: 'float32' },
]

console.log('| vectors | metric | what | native | float16 | int8 | TypeScript |')
for (const [count, dimensions] of [
  [10_000, 128],
  [60_000, 784],
]) {
  for (const metric of ['euclidean', 'cosine', 'manhattan']) {
    const vectors = random(count, dimensions, false)
    const uids = Array.from({ length: count }, (_, i) => `${i}`)
    const queries = random(1000, dimensions, false)
    const one = Array.from({ length: 100 }, (_, i) => vectorBatchOf([queries.data.subarray(i * dimensions, (i + 1) * dimensions)]))
    const indexes = []
    for (const way of ways) indexes.push(await flatIndex({ metric, ...way }))
    const row = (what, cells) => console.log(`| ${count} × ${dimensions} | ${metric} | ${what} | ${cells.join(' | ')} |`)
    row(
      'build',
      await time(
        indexes.map((index) => () => index.build([{ uids, vectors }])),
        3,
      ),
    )
    row(
      'one query',
      await time(
        indexes.map((index) => (round) => index.nearest(one[round], 10)),
        31,
      ),
    )
    const few = await Promise.all(indexes.map((index) => index.compileFilter((uid) => uid.endsWith('00'))))
    row(
      'one query, 1 % allowed',
      await time(
        indexes.map((index, i) => (round) => index.nearest(one[round], 10, { filter: few[i] })),
        31,
      ),
    )
    row(
      '1000 queries',
      await time(
        indexes.slice(0, 3).map((index) => () => index.nearest(queries, 10)),
        5,
      ),
    )
    for (const index of indexes) await index.dispose()
  }
}
