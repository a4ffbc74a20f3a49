// Group `bad codes`: typed errors, and the index as it was.

import type { BitBatch } from '@cbir/core'
import { rejects, same } from '../../framework/check.ts'
import { batchOf, randomCodes } from '../codes.ts'
import type { HashIndexCase, HashIndexGroup } from '../hash-index-case.ts'

/** Every call that takes codes, with `codes`. */
function callsWith(t: HashIndexCase, index: Awaited<ReturnType<HashIndexCase['make']>>, codes: BitBatch): Record<string, () => Promise<unknown>> {
  return {
    build: () => index.build([codes]),
    nearest: () => index.nearest(codes, 3),
    rowsOf: () => index.rowsOf(codes),
    ...(t.has('update') && { update: () => index.update([codes]) }),
    ...(t.has('remove') && { remove: () => index.remove(codes) }),
  }
}

export const badCodesGroup: HashIndexGroup = {
  name: 'bad codes',
  rule: 'codes of another length are DIMENSION_MISMATCH, what is no bit batch INVALID_ARGUMENT, and the index is unchanged',
  cases: {
    'codes of another length': async (t) => {
      const index = await t.holding(t.codes())
      const before = await t.snapshot(index)
      for (const bits of [t.bits - 1, t.bits + 1, t.bits + 64]) {
        const codes = batchOf(randomCodes(t.random, 2, bits), bits)
        const { build, ...calls } = callsWith(t, index, codes)
        for (const [name, call] of Object.entries(calls)) await rejects(call, 'DIMENSION_MISMATCH', `${name} with codes of ${bits} bits`)
        await rejects(() => index.build([t.queries(2), codes]), 'DIMENSION_MISMATCH', `build with a second batch of ${bits} bits`)
      }
      await t.unchanged(index, before, 'refused calls')
    },
    'batches of a wrong shape': async (t) => {
      const index = await t.holding(t.codes())
      const before = await t.snapshot(index)
      const good = t.queries(2)
      const padded = { ...good, data: good.data.slice() }
      if (t.bits % 64 !== 0) padded.data[good.stride - 1]! |= 0x80
      const bad: Record<string, unknown> = {
        'no batch': undefined,
        null: null,
        'data that is a list': { ...good, data: [...good.data] },
        'data that is too short': { ...good, data: good.data.subarray(1) },
        'a count that is too large': { ...good, count: 3 },
        'a negative count': { ...good, count: -1 },
        'another stride': { ...good, stride: good.stride + 1, data: new Uint8Array(2 * (good.stride + 1)) },
        'no bits': { ...good, bits: 0 },
        ...(t.bits % 64 !== 0 && { 'a set bit past the code': padded }),
      }
      for (const [what, codes] of Object.entries(bad)) {
        for (const [name, call] of Object.entries(callsWith(t, index, codes as BitBatch))) {
          await rejects(call, 'INVALID_ARGUMENT', `${name} with ${what}`)
        }
      }
      await t.unchanged(index, before, 'refused calls')
    },
    'what is no source': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      type Source = Parameters<typeof index.build>[0]
      const sources: Record<string, unknown> = { nothing: undefined, 'a number': 7, 'a batch without a list around it': t.queries(2) }
      for (const [what, source] of Object.entries(sources)) {
        await rejects(() => index.build(source as Source), 'INVALID_ARGUMENT', `build from ${what}`)
        if (t.has('update')) await rejects(() => index.update(source as Source), 'INVALID_ARGUMENT', `update from ${what}`)
      }
      same(index.count, 40, 'count')
    },
  },
}
