// Bad input to functors, hash indexes and the LSH index: each a typed error, and nothing has changed.

import { bitBatch, CbirError, type VectorBatch, vectorBatchOf } from '@cbir/core'
import { itq, linearHashIndex, lshIndex, randomProjection } from '@cbir/lsh'
import type { Row } from '../row.ts'

const DIMENSIONS = 16
const ROWS = 300

function vectors(seed: number, count: number, dimensions = DIMENSIONS): VectorBatch {
  let state = seed
  const data = Float32Array.from({ length: count * dimensions }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >> 8) / 2 ** 23
  })
  return { data, count, dimensions }
}

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return CbirError.isInstance(error) ? error.code : `untyped: ${String(error)}`
  }
}

export async function measure(): Promise<Row[]> {
  const all = vectors(1, ROWS)
  const uids = Array.from({ length: ROWS }, (_, i) => String(i))
  const functor = await itq({ bits: 16 })
  const hashIndex = await linearHashIndex()
  const index = await lshIndex({ functor, hashIndex })
  await index.build([{ uids, vectors: all }])
  const codes = await functor.hash(all)
  const query = vectors(2, 3)
  const nan = vectors(3, 1)
  nan.data[5] = Number.NaN
  const short = vectorBatchOf([[1, 2, 3]])
  const state = async (): Promise<string> => {
    const { uids: found, distances } = await index.nearest(query, 5)
    const near = await hashIndex.nearest(await functor.hash(query), 5)
    return JSON.stringify([index.count, hashIndex.count, found, [...distances], [...near.rows], [...(await functor.hash(query)).data]])
  }
  const before = await state()
  const cases: readonly (readonly [what: string, code: string, work: () => Promise<unknown>])[] = [
    ['wrong bits, hash index, query', 'DIMENSION_MISMATCH', () => hashIndex.nearest(bitBatch(1, 24), 1)],
    ['wrong bits, hash index, update', 'DIMENSION_MISMATCH', () => hashIndex.update([bitBatch(1, 24)])],
    ['wrong dimension, functor', 'DIMENSION_MISMATCH', () => functor.hash(short)],
    ['wrong dimension, query', 'DIMENSION_MISMATCH', () => index.nearest(short, 1)],
    ['wrong dimension, update', 'DIMENSION_MISMATCH', () => index.update([{ uids: ['a'], vectors: short }])],
    ['wrong dimension, build with a trained functor', 'DIMENSION_MISMATCH', () => index.build([{ uids: ['a'], vectors: short }])],
    ['NaN, functor', 'NOT_FINITE', () => functor.hash(nan)],
    ['NaN, query', 'NOT_FINITE', () => index.nearest(nan, 1)],
    ['NaN, update', 'NOT_FINITE', () => index.update([{ uids: ['a'], vectors: nan }])],
    ['NaN, build', 'NOT_FINITE', () => index.build([{ uids: ['a'], vectors: nan }])],
    ['dim < bits for ITQ, training', 'DIMENSION_MISMATCH', async () => (await itq({ bits: 32 })).fit([all])],
    [
      'dim < bits for ITQ, build',
      'DIMENSION_MISMATCH',
      async () => (await lshIndex({ functor: await itq({ bits: 32 }) })).build([{ uids, vectors: all }]),
    ],
    ['untrained functor', 'NOT_TRAINED', async () => (await randomProjection({ bits: 8 })).hash(all)],
    ['training twice', 'ALREADY_TRAINED', () => functor.fit([all])],
    ['empty build, hash index', 'EMPTY_BUILD', () => hashIndex.build([])],
    ['empty build, LSH index', 'EMPTY_BUILD', () => index.build([])],
    ['empty training', 'EMPTY_BUILD', async () => (await itq({ bits: 8 })).fit([])],
    ['unknown uid', 'UNKNOWN_UID', () => index.remove(['0', 'nobody'])],
    ['unknown code', 'UNKNOWN_UID', () => hashIndex.remove(notIn(codes.data, 16))],
    ['no neighbours asked for', 'INVALID_ARGUMENT', () => index.nearest(query, 0)],
    ['no candidates', 'INVALID_ARGUMENT', () => index.nearest(query, 1, { tuning: { candidates: 0 } })],
    ['0 bits', 'INVALID_CONFIG', () => itq({ bits: 0 })],
  ]
  const wrong: string[] = []
  for (const [what, code, work] of cases) {
    const got = await codeOf(work)
    if (got !== code) wrong.push(`${what}: ${got} where ${code} was due`)
    else if ((await state()) !== before) wrong.push(`${what}: something has changed`)
  }
  await index.dispose()
  const how = [
    `${cases.length} mistakes, after each the answers compared: ${cases.map(([what, code]) => `${what} ${code}`).join(', ')}`,
    ...wrong,
  ].join('; ')
  return [
    { id: 'lsh.bad-input', value: cases.length - wrong.length, unit: `of ${cases.length}`, target: `${cases.length}`, ok: wrong.length === 0, how },
  ]
}

/** A code of so many bits that is not among those given. */
function notIn(codes: Uint8Array, bits: number): ReturnType<typeof bitBatch> {
  const one = bitBatch(1, bits)
  const { stride } = one
  for (let number = 0; number < 2 ** bits; number++) {
    one.data[0] = number & 255
    one.data[1] = number >> 8
    let found = false
    for (let at = 0; at < codes.length && !found; at += stride) found = one.data.every((byte, i) => byte === codes[at + i])
    if (!found) return one
  }
  throw new Error('Every code is there.')
}
