// Groups about building.

import type { Items, Progress } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { names, ok, rejects, same } from '../../framework/check.ts'
import { batchesOf } from '../../nearest-neighbors-index/test-vectors.ts'
import type { RelevancyIndexGroup } from '../relevancy-index-case.ts'

export const emptyIndexGroup: RelevancyIndexGroup = {
  name: 'empty index',
  rule: 'a ranking of an index that was never built is EMPTY_INDEX',
  cases: {
    'before the first build': async (t) => {
      const index = await t.make()
      same(index.count, 0, 'count')
      same(index.dimensions, undefined, 'dimensions')
      await rejects(() => index.rank(t.vectors(2)), 'EMPTY_INDEX', 'rank before the first build')
    },
  },
}

export const buildWithNothingGroup: RelevancyIndexGroup = {
  name: 'build with nothing',
  rule: 'EMPTY_BUILD, and what stood before still stands',
  cases: {
    'on a new index and on one that holds something': async (t) => {
      const items = t.items()
      const [fresh, filled] = [await t.make(), await t.ready(items)]
      for (const index of [fresh, filled]) {
        await rejects(() => index.build([]), 'EMPTY_BUILD', 'build of an empty list')
        await rejects(() => index.build((async function* () {})()), 'EMPTY_BUILD', 'build of an empty stream')
        await rejects(() => index.build([{ uids: [], vectors: t.none }]), 'EMPTY_BUILD', 'build of a batch without rows')
      }
      same(fresh.count, 0, 'count of the new index')
      same(filled.count, t.rows, 'count of the index that held something')
      await t.holds(filled, items, 'an index after builds with nothing')
    },
  },
}

export const buildGroup: RelevancyIndexGroup = {
  name: 'build',
  rule: 'a build replaces, and gives the count; a failed or aborted build leaves the old index',
  cases: {
    'in batches, from either kind of source': async (t) => {
      const items = t.items()
      const [one, other] = [await t.make(), await t.make()]
      same(await one.build(batchesOf(items, 7)), t.rows, 'what build gives')
      await other.build(
        (async function* () {
          yield* batchesOf(items, 9)
        })(),
      )
      for (const index of [one, other]) {
        same(index.count, t.rows, 'count')
        same(index.dimensions, t.dimensions, 'dimensions')
        await t.holds(index, items, 'an index built in batches')
      }
    },
    'the second build replaces the first': async (t) => {
      const index = await t.ready(t.items())
      const next = t.items(t.rows, 'next')
      same(await index.build([next]), t.rows, 'what build gives')
      await t.holds(index, next, 'an index built twice')
    },
    'a source that throws': async (t) => {
      const items = t.items()
      const index = await t.ready(items)
      const broken = new Error('the source broke')
      let finished = false
      const source = async function* (): AsyncGenerator<Items> {
        try {
          yield t.items(t.rows, 'next')
          throw broken
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => index.build(source()), 'SOURCE_FAILED', 'build from a source that throws')
      same(error.cause, broken, 'cause')
      ok(finished, 'the finally of the source has run')
      await t.holds(index, items, 'an index after a build whose source threw')
    },
    'a uid twice': async (t) => {
      const items = t.items()
      const index = await t.ready(items)
      const twice = t.items(t.rows, 'next')
      const error = await rejects(
        () => index.build([twice, { uids: [twice.uids[3]!], vectors: t.vectors(1) }]),
        'DUPLICATE_UID',
        'a uid in two batches',
      )
      names(error, twice.uids[3]!, 'the error')
      await rejects(() => index.build([{ uids: ['same', 'same'], vectors: t.vectors(2) }]), 'DUPLICATE_UID', 'a uid twice in a batch')
      await t.holds(index, items, 'an index after refused builds')
    },
    'uids that do not fit their vectors': async (t) => {
      const items = t.items()
      const index = await t.ready(items)
      const { uids, vectors } = t.items(t.rows, 'next')
      await rejects(() => index.build([{ uids: uids.slice(1), vectors }]), 'INVALID_ARGUMENT', 'build with a uid too few')
      const numbers = uids.map((_, i) => i as unknown as string)
      await rejects(() => index.build([{ uids: numbers, vectors }]), 'INVALID_ARGUMENT', 'build with uids that are numbers')
      await t.holds(index, items, 'an index after refused builds')
    },
  },
}

export const badVectorsGroup: RelevancyIndexGroup = {
  name: 'wrong dimension, NaN, Infinity in a build',
  rule: 'DIMENSION_MISMATCH / NOT_FINITE; a batch of a wrong shape is INVALID_ARGUMENT; the old index stands',
  cases: {
    'in the first batch or a later one': async (t) => {
      const items = t.items()
      const index = await t.ready(items)
      for (const [name, code, vectors] of badBatches(t)) {
        const bad = { uids: ['bad 0', 'bad 1'], vectors }
        await rejects(() => index.build([t.items(t.rows, 'next'), bad]), code, `build with ${name} in its second batch`)
        if (code !== 'DIMENSION_MISMATCH') await rejects(() => index.build([bad]), code, `build with ${name}`)
      }
      await t.holds(index, items, 'an index after refused builds')
    },
  },
}

export const progressGroup: RelevancyIndexGroup = {
  name: 'progress',
  rule: 'a build reports what is done, which never goes back, and never exceeds the total',
  cases: {
    'a build reports': async (t) => {
      const index = await t.make()
      const seen: Progress[] = []
      await index.build(batchesOf(t.items(), 5), { onProgress: (progress) => seen.push({ ...progress }) })
      ok(seen.length > 0, 'a build of several batches reports at least once')
      ok(!seen.some(({ done }, i) => i > 0 && done < seen[i - 1]!.done), 'done never goes back')
      ok(!seen.some(({ done, total }) => total !== undefined && done > total), 'done never exceeds total')
    },
  },
}
