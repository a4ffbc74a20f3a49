// What builds add to the groups that everything has that scores by examples.

import type { Items } from '@cbir/core'
import { answersWithin, ok, rejects, same } from '../../framework/check.ts'
import { heldBack, waitTurns } from '../../framework/held-back.ts'
import { batchesOf } from '../../nearest-neighbors-index/test-vectors.ts'
import type { RelevancyIndexGroup } from '../relevancy-index-case.ts'

type Cases = RelevancyIndexGroup['cases']

/** The source is closed, the old index stands. */
const abort: Cases = {
  'a build with a signal that was aborted before': async (t) => {
    const items = t.items()
    const index = await t.ready(items)
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    same((await rejects(() => index.build([t.items(t.rows, 'next')], { signal }), 'ABORTED', 'an aborted build')).cause, reason, 'cause')
    await t.holds(index, items, 'an index after an aborted build')
  },
  'a build aborted while it reads': async (t) => {
    const items = t.items()
    const index = await t.ready(items)
    const control = new AbortController()
    let pulled = 0
    let finished = false
    const source = async function* (): AsyncGenerator<Items> {
      try {
        for (; pulled < 50; pulled++) {
          if (pulled === 2) control.abort()
          yield t.items(3, `batch ${pulled}`)
        }
      } finally {
        finished = true
      }
    }
    await rejects(() => index.build(source(), { signal: control.signal }), 'ABORTED', 'a build aborted while it reads')
    ok(pulled < 50 && finished, 'an aborted build does not read its source to the end, and closes it')
    await t.holds(index, items, 'an index after an aborted build')
  },
}

const dispose: Cases = {
  'dispose waits for a build in flight': async (t) => {
    const index = await t.make()
    const { source, reached, release } = heldBack(t.items())
    t.defer(release)
    const built = index.build(source)
    await answersWithin(Promise.race([reached, built]), t.patience, 'a build that reads its source')
    let gone = false
    const disposed = index.dispose().then(() => {
      gone = true
    })
    await waitTurns(10)
    ok(!gone, 'dispose waits for a build in flight')
    release()
    await built
    await disposed
    await rejects(() => index.build([t.items()]), 'DISPOSED', 'build after dispose')
  },
}

/** Until a build has finished the old content answers. */
const concurrency: Cases = {
  'the old index answers while a build reads': async (t) => {
    const items = t.items()
    const index = await t.ready(items)
    const next = t.items(t.rows, 'next')
    const { source, reached, release } = heldBack(next)
    t.defer(release)
    const built = index.build(source)
    await answersWithin(Promise.race([reached, built]), t.patience, 'a build that reads its source')
    const found = await answersWithin(index.rank(t.vectors(2)), t.patience, 'rank while a build waits for its source')
    ok(found.uids.includes(items.uids[0]!) && found.uids.length === t.rows, 'the old content answers while a build is under way')
    release()
    await built
    await t.holds(index, next, 'the index after the build')
  },
}

/** A source may reuse its buffers. */
const buffers: Cases = {
  'what was built from may be changed right after the call': async (t) => {
    const items = t.items()
    const index = await t.make()
    const passed = { uids: [...items.uids], vectors: { ...items.vectors, data: items.vectors.data.slice() } }
    const built = index.build([passed])
    passed.vectors.data.fill(3)
    passed.uids.fill('spoiled')
    await built
    await t.holds(index, items, 'an index whose items were changed after the call')
  },
  'a source that reuses its buffer': async (t) => {
    const items = t.items()
    const index = await t.make()
    const data = new Float32Array(items.vectors.data.length)
    const source = function* (): Generator<Items> {
      for (const { uids, vectors } of batchesOf(items, 8)) {
        data.set(vectors.data)
        yield { uids, vectors: { ...vectors, data: data.subarray(0, vectors.data.length) } }
        data.fill(3)
      }
    }
    await index.build(source())
    await t.holds(index, items, 'an index built from a source that reuses its buffer')
  },
}

/** By the name of the group. */
export const buildCalls: Readonly<Record<string, Cases>> = { abort, dispose, concurrency, buffers }
