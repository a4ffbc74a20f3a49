// Groups `abort`, `dispose`, `concurrency`, `event loop` and `buffers` of extractors: how calls begin, end and share the machine.

import { rejects, same } from '../../framework/check.ts'
import { givesTurns } from '../../framework/gives-turns.ts'
import type { FeatureExtractorGroup } from '../extractor-case.ts'

export const abortGroup: FeatureExtractorGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason',
  cases: {
    'a signal that was aborted before': async (t) => {
      const extractor = await t.make()
      const reason = new Error('enough')
      const inputs = await t.inputs(2)
      const error = await rejects(() => extractor.extract(inputs, { signal: AbortSignal.abort(reason) }), 'ABORTED', 'extract with an aborted signal')
      same(error.cause, reason, 'cause')
      t.shaped(extractor, await extractor.extract(inputs), 2)
    },
  },
}

export const disposeGroup: FeatureExtractorGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(1)
      await extractor.extract(inputs)
      await extractor.dispose()
      await rejects(() => extractor.extract(inputs), 'DISPOSED', 'extract after dispose')
      await extractor.dispose()
    },
    'calls in flight are answered': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(2)
      let open = 5
      const calls = Array.from({ length: 5 }, () => extractor.extract(inputs).finally(() => open--))
      const disposed = extractor.dispose().then(async () => {
        for (let i = 0; i < 20; i++) await undefined // what has settled gets round to saying so
        return open
      })
      for (const call of calls) t.shaped(extractor, await call, 2)
      same(await disposed, 0, 'calls that were still open when dispose had finished')
    },
  },
}

export const concurrencyGroup: FeatureExtractorGroup = {
  name: 'concurrency',
  rule: 'calls at once are each answered for themselves',
  cases: {
    'many at once give what one after another gives': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(12)
      const alone = []
      for (const input of inputs) alone.push(await extractor.extract([input]))
      const together = await Promise.all(inputs.map((input) => extractor.extract([input])))
      for (const [i, batch] of together.entries()) t.sameRow(batch, 0, alone[i]!, 0, `the row of input ${i} of 12 at once`)
    },
  },
}

export const eventLoopGroup: FeatureExtractorGroup = {
  name: 'event loop',
  rule: 'the maths must not block the event loop for more than 10 ms; here: not for 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    'a large batch gives turns': async (t) => {
      const extractor = await t.make()
      await extractor.extract(await t.inputs(1)) // what is made once, like a compiled model, is not the batch's
      const inputs = await t.inputs(4 * extractor.batchSize)
      await givesTurns('extract', () => extractor.extract(inputs))
    },
  },
}

export const buffersGroup: FeatureExtractorGroup = {
  name: 'buffers',
  rule: 'an input may be changed as soon as the call has returned its promise; rows belong to the caller',
  cases: {
    'inputs changed right after the call': async (t) => {
      const { spoil } = t.options
      if (!spoil) return
      const extractor = await t.make()
      const inputs = await t.inputs(2)
      const wanted = await extractor.extract(inputs)
      const call = extractor.extract(inputs)
      for (const input of inputs) spoil(input)
      const got = await call
      for (let i = 0; i < 2; i++) t.sameRow(got, i, wanted, i, `the row of input ${i}, which was changed after the call`)
    },
    'a list of inputs changed right after the call': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(3)
      const wanted = await extractor.extract(inputs)
      const list = [...inputs]
      const call = extractor.extract(list)
      list.length = 1
      const got = await call
      t.shaped(extractor, got, 3)
      for (let i = 0; i < 3; i++) t.sameRow(got, i, wanted, i, `the row of input ${i} of a list that was changed after the call`)
    },
    'rows belong to the caller': async (t) => {
      const extractor = await t.make()
      const [first, second] = [await t.inputs(2), await t.inputs(2)]
      const kept = await extractor.extract(first)
      const copy = { ...kept, data: kept.data.slice() }
      const other = await extractor.extract(second)
      for (let i = 0; i < 2; i++) t.sameRow(kept, i, copy, i, `row ${i} after another call`)
      other.data.fill(7)
      const again = await extractor.extract(first)
      for (let i = 0; i < 2; i++) t.sameRow(again, i, copy, i, `row ${i} after the rows of another call were changed`)
    },
  },
}
