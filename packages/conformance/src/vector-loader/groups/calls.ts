// Groups `bad input`, `abort`, `concurrency`, `event loop` and `ownership` of loaders.

import { rejects, same } from '../../framework/check.ts'
import { givesTurns } from '../../framework/gives-turns.ts'
import type { VectorLoaderGroup } from '../loader-case.ts'

const CODES = ['LOAD_FAILED', 'UNSUPPORTED_CONTENT_TYPE', 'INVALID_ARGUMENT', 'EMPTY', 'NOT_FOUND', 'IO_FAILED'] as const

export const badInputGroup: VectorLoaderGroup = {
  name: 'bad input',
  rule: 'an item that cannot be decoded is LOAD_FAILED, UNSUPPORTED_CONTENT_TYPE, INVALID_ARGUMENT, EMPTY, NOT_FOUND or IO_FAILED; the next one is not harmed',
  applies: ({ badInputs }) => badInputs !== undefined,
  cases: {
    'alone, and beside good ones': async (t) => {
      const loader = await t.make()
      const [input] = await t.inputs(1)
      const before = await t.parts(loader, input)
      for (const [what, bad] of Object.entries(t.options.badInputs ?? {})) {
        const beside = t.parts(loader, input)
        await rejects(() => t.parts(loader, bad), CODES, `load of ${what}`)
        t.sameParts(await beside, before, `an input loaded beside ${what}`)
        t.sameParts(await t.parts(loader, input), before, `an input loaded after ${what}`)
      }
    },
  },
}

export const abortGroup: VectorLoaderGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason',
  cases: {
    'a signal that was aborted before': async (t) => {
      const loader = await t.make()
      const [input] = await t.inputs(1)
      const reason = new Error('enough')
      const error = await rejects(() => t.parts(loader, input, { signal: AbortSignal.abort(reason) }), 'ABORTED', 'load with an aborted signal')
      same(error.cause, reason, 'cause')
    },
    'between two parts': async (t) => {
      if (!t.options.manyParts) return
      const loader = await t.make()
      const input = await t.options.manyParts()
      const control = new AbortController()
      const load = async (): Promise<void> => {
        for await (const _ of loader.load(input, { signal: control.signal })) control.abort()
      }
      await rejects(load, 'ABORTED', 'load aborted after its first part')
    },
  },
}

export const concurrencyGroup: VectorLoaderGroup = {
  name: 'concurrency',
  rule: 'load is safe to call many times at once, also for one input',
  cases: {
    'many at once give what one after another gives': async (t) => {
      const loader = await t.make()
      const inputs = await t.inputs(8)
      const alone = []
      for (const input of inputs) alone.push(await t.parts(loader, input))
      const together = await Promise.all([...inputs, ...inputs].map((input) => t.parts(loader, input)))
      for (const [i, parts] of together.entries()) t.sameParts(parts, alone[i % 8]!, `input ${i % 8} of many at once`)
    },
  },
}

export const eventLoopGroup: VectorLoaderGroup = {
  name: 'event loop',
  rule: 'loading must not do its work on the event loop: no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    'many loads at once give turns': async (t) => {
      const loader = await t.make()
      await t.parts(loader, (await t.inputs(1))[0])
      const inputs = await t.inputs(16)
      await givesTurns('load', () => Promise.all(inputs.map((input) => t.parts(loader, input))))
    },
  },
}

export const ownershipGroup: VectorLoaderGroup = {
  name: 'ownership',
  rule: 'what a loader gives belongs to the caller, who may change it',
  cases: {
    'a changed value is not given again': async (t) => {
      const { spoil } = t.options
      if (!spoil) return
      const loader = await t.make()
      const [input] = await t.inputs(1)
      const wanted = structuredClone(await t.parts(loader, input))
      const [first, second] = await Promise.all([t.parts(loader, input), t.parts(loader, input)])
      for (const { value } of first) if (value !== undefined && value !== null) spoil(value)
      t.sameParts(second, wanted, 'an input loaded at the same time as one whose parts were changed')
      t.sameParts(await t.parts(loader, input), wanted, 'an input loaded after its parts were changed')
    },
    'memory that was taken back serves others, and harms nobody': async (t) => {
      const loader = await t.make()
      if (!loader.release) return
      const inputs = await t.inputs(4)
      const kept = await t.parts(loader, inputs[0])
      const copy = structuredClone(kept)
      for (const { value } of await t.parts(loader, inputs[1])) loader.release(value)
      const [again, other] = await Promise.all([t.parts(loader, inputs[1]), t.parts(loader, inputs[2])])
      const [second, third] = [structuredClone(again), structuredClone(other)]
      for (const { value } of await t.parts(loader, inputs[3])) loader.release(value)
      await t.parts(loader, inputs[3])
      t.sameParts(kept, copy, 'an input that is still held after others were released')
      t.sameParts(again, second, 'an input that was loaded into released memory')
      t.sameParts(other, third, 'an input that was loaded beside it')
      t.sameParts(await t.parts(loader, inputs[1]), second, 'an input that was released, loaded again')
    },
  },
}
