// Group `build`: replaces the content, or leaves it.

import type { BitBatch } from '@cbir/core'
import { rejects, same } from '../../framework/check.ts'
import { type HashIndexGroup, partsOf } from '../hash-index-case.ts'

export const buildGroup: HashIndexGroup = {
  name: 'build',
  rule: 'a build replaces the content; a build with nothing is EMPTY_BUILD; a build that failed leaves the index that stood before',
  cases: {
    'from several batches': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      same(await index.build(partsOf(codes, 7).map((part) => t.batch(part))), 40, 'what build gives')
      await t.holds(index, codes, 'an index built from several batches')
    },
    'from an asynchronous source': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      const source = async function* (): AsyncGenerator<BitBatch> {
        for (const part of partsOf(codes, 9)) yield t.batch(part)
      }
      same(await index.build(source()), 40, 'what build gives')
      await t.holds(index, codes, 'an index built from an asynchronous source')
    },
    'a second build replaces the first': async (t) => {
      const next = t.codes(15)
      const index = await t.holding(t.codes())
      same(await index.build([t.batch(next)]), 15, 'what the second build gives')
      await t.holds(index, next, 'an index built twice')
    },
    'a build with nothing is an error, and the old index stands': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      await rejects(() => index.build([]), 'EMPTY_BUILD', 'build from no batch')
      await rejects(() => index.build([t.batch([])]), 'EMPTY_BUILD', 'build from an empty batch')
      await t.holds(index, codes, 'the index after refused builds')
      const fresh = await t.make()
      await rejects(() => fresh.build([]), 'EMPTY_BUILD', 'a first build from nothing')
      same(fresh.count, 0, 'count')
    },
    'a build whose source throws leaves the old index': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const cause = new Error('the source is broken')
      const source = function* (): Generator<BitBatch> {
        yield t.queries(3)
        throw cause
      }
      const error = await rejects(() => index.build(source()), 'SOURCE_FAILED', 'build from a source that throws')
      same(error.cause, cause, 'cause')
      await t.holds(index, codes, 'the index after a failed build')
    },
  },
}
