// Groups `reuse`, `abort` and `event loop` of generators.

import { answersWithin, ok, rejects, same, throws } from '../../framework/check.ts'
import { givesTurns } from '../../framework/gives-turns.ts'
import type { DescriptorGeneratorGroup } from '../generator-case.ts'

export const reuseGroup: DescriptorGeneratorGroup = {
  name: 'reuse',
  rule: 'with a store, equal content is computed once for each producer, and found again; overwrite computes it anew',
  applies: ({ reuses }) => reuses !== false,
  cases: {
    'a second run reuses the first': async (t) => {
      const generator = await t.make()
      const store = t.store()
      const inputs = await t.inputs(4)
      if (t.options.manyParts) inputs.push(await t.options.manyParts())
      const distinct = new Set(inputs).size
      const first = await t.outcomes(generator, inputs, { store })
      ok(first.filter(({ reused }) => reused === false).length <= distinct, 'the first run computes each content at most once')
      same(first[0]!.reused, false, 'whether the first item of the first run was reused')
      const second = await t.outcomes(generator, inputs, { store })
      for (const [i, { descriptors, reused }] of second.entries()) {
        same(reused, true, `whether item ${i} of the second run was reused`)
        t.sameDescriptors(descriptors, first[i]!.descriptors!, `item ${i} of the second run`)
      }
    },
    'equal items of one run are computed once': async (t) => {
      const generator = await t.make()
      const [input] = await t.inputs(1)
      const [again] = await t.inputs(1)
      const outcomes = await t.outcomes(generator, [input, again, input], { store: t.store() })
      same(outcomes.map(({ reused }) => reused).join(), 'false,true,true', 'whether equal items were reused')
      for (const { descriptors } of outcomes) t.sameDescriptors(descriptors, outcomes[0]!.descriptors!, 'an equal item')
    },
    'overwrite computes anew': async (t) => {
      const generator = await t.make()
      const store = t.store()
      const inputs = await t.inputs(3)
      await t.outcomes(generator, inputs, { store })
      const outcomes = await t.outcomes(generator, inputs, { store, overwrite: true })
      same(outcomes.map(({ reused }) => reused).join(), 'false,false,false', 'whether items were reused with overwrite')
    },
    'another producer does not reuse': async (t) => {
      if (!t.options.different) return
      const store = t.store()
      const inputs = await t.inputs(2)
      await t.outcomes(await t.make(), inputs, { store })
      const outcomes = await t.outcomes(await t.options.different(), inputs, { store })
      same(outcomes.map(({ reused }) => reused).join(), 'false,false', 'whether another generator reused what is not its own')
    },
  },
}

export const abortGroup: DescriptorGeneratorGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; also where errors are skipped',
  cases: {
    'a signal that was aborted before': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(2)
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const errors = [
        await rejects(() => generator.encode(inputs[0], { signal }), 'ABORTED', 'encode with an aborted signal'),
        await throws(() => t.outcomes(generator, inputs, { signal }), 'ABORTED', 'generate with an aborted signal'),
        await throws(() => t.outcomes(generator, inputs, { signal, onError: 'skip' }), 'ABORTED', 'generate with an aborted signal and onError skip'),
      ]
      for (const error of errors) same(error.cause, reason, 'cause')
    },
    'in the middle of a source': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(3)
      const control = new AbortController()
      let pulled = 0
      let finish: () => void = () => {}
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const source = async function* (): AsyncGenerator<unknown> {
        try {
          for (; pulled < 5000; pulled++) yield inputs[pulled % 3]
        } finally {
          finish()
        }
      }
      const run = async (): Promise<void> => {
        let seen = 0
        for await (const _ of generator.generate(source(), { signal: control.signal, onError: 'skip' })) if (++seen === 3) control.abort()
      }
      await throws(run, 'ABORTED', 'generate aborted after its third outcome')
      // An abort need not wait for the source, which may be stuck.
      await answersWithin(finished, t.patience, 'the finally of a source whose reader was aborted')
      ok(pulled < 5000, 'the source was not read to its end')
    },
  },
}

export const eventLoopGroup: DescriptorGeneratorGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    'a run over many items gives turns': async (t) => {
      const generator = await t.make()
      await generator.encode((await t.inputs(1))[0])
      const inputs = await t.inputs(64)
      await givesTurns('generate', () => t.outcomes(generator, inputs))
    },
  },
}
