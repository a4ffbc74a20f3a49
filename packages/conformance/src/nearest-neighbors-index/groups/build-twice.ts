// Group `build twice`: a build replaces the content whole, or not at all.

import type { Items } from '@cbir/core'
import { names, ok, rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'
import { batchesOf } from '../test-vectors.ts'

export const buildTwiceGroup: IndexGroup = {
  name: 'build twice',
  rule: 'a build replaces; a failed or aborted build leaves the old index',
  cases: {
    'a build in batches is the build of all rows': async (t) => {
      const items = t.items()
      const index = await t.make()
      same(await index.build(batchesOf(items, 7)), t.rows, 'what build gives')
      await t.holds(index, items, 'an index built in batches of 7')
    },
    'an asynchronous source does too': async (t) => {
      const items = t.items()
      const index = await t.make()
      await index.build(
        (async function* () {
          yield* batchesOf(items, 9)
        })(),
      )
      await t.holds(index, items, 'an index built from an asynchronous source')
    },
    'the second build replaces the first': async (t) => {
      const index = await t.filled(t.items())
      const next = t.items(t.rows, 'next')
      same(await index.build([next]), t.rows, 'what build gives')
      await t.holds(index, next, 'an index built twice')
    },
    'a source that throws leaves the old index': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
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
      const error: unknown = await index.build(source()).then(
        () => undefined,
        (e: unknown) => e,
      )
      ok(
        error === broken || (error as Error | undefined)?.cause === broken,
        'build rejects with the error of its source, or with one that has it as its cause',
      )
      ok(finished, 'the finally of the source has run')
      await t.unchanged(index, before, 'a build whose source threw')
    },
    'a uid twice is an error that names it, and leaves the old index': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      const twice = t.items(t.rows, 'next')
      const error = await rejects(
        () => index.build([twice, t.itemsOf({ [twice.uids[3]!]: [1] })]),
        'DUPLICATE_UID',
        'build with a uid in two batches',
      )
      names(error, twice.uids[3]!, 'the error')
      const inOne = { uids: ['same', 'same'], vectors: t.vectors(2) }
      await rejects(() => index.build([inOne]), 'DUPLICATE_UID', 'build with a uid twice in a batch')
      await t.unchanged(index, before, 'refused builds')
    },
    'bad vectors leave the old index': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      const bad = t.items(2, 'bad')
      bad.vectors.data[3] = Number.NaN
      await index.build([t.items(t.rows, 'next'), bad]).catch(() => undefined)
      if (index.count !== t.rows + 2) await t.unchanged(index, before, 'a build with a NaN')
    },
    'an aborted build leaves the old index': async (t) => {
      const index = await t.filled(t.items())
      const before = await t.snapshot(index)
      const control = new AbortController()
      const source = async function* (): AsyncGenerator<Items> {
        yield t.items(t.rows, 'next')
        control.abort()
        yield t.items(2, 'more')
      }
      await index.build(source(), { signal: control.signal }).catch(() => undefined)
      if (index.count !== t.rows + 2) await t.unchanged(index, before, 'an aborted build')
    },
  },
}
