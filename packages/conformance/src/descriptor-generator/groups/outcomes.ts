// Groups `encode`, `outcomes`, `bad items` and `producer`: what comes of an item.

import { ok, rejects, same, throws } from '../../framework/check.ts'
import type { DescriptorGeneratorGroup } from '../generator-case.ts'

const CODES = [
  'LOAD_FAILED',
  'UNSUPPORTED_CONTENT_TYPE',
  'EXTRACT_FAILED',
  'NOT_FINITE',
  'DIMENSION_MISMATCH',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'IO_FAILED',
] as const

export const encodeGroup: DescriptorGeneratorGroup = {
  name: 'encode',
  rule: 'encode gives one finite row for each part of the input, in the order of the parts; an input without a part is EMPTY',
  cases: {
    'an input has a row for each part': async (t) => {
      const generator = await t.make()
      ok(Number.isInteger(generator.dimensions) && generator.dimensions > 0, 'dimensions is a positive integer')
      for (const input of await t.inputs(3)) t.shaped(generator, await generator.encode(input), 'an input')
      if (!t.options.manyParts) return
      const many = await generator.encode(await t.options.manyParts())
      t.shaped(generator, many, 'an input of many parts')
      ok(many.parts.length >= 2, `the input that the option manyParts gives has two parts or more; it has ${many.parts.length}`)
    },
    'an input without a part is EMPTY': async (t) => {
      const generator = await t.make()
      for (const input of t.options.emptyInputs ?? []) await rejects(() => generator.encode(input), 'EMPTY', 'encode of an input without a part')
    },
    'an input that is refused is a typed error': async (t) => {
      const generator = await t.make()
      for (const [what, input] of Object.entries(t.options.badInputs ?? {})) await rejects(() => generator.encode(input), CODES, `encode of ${what}`)
    },
  },
}

export const outcomesGroup: DescriptorGeneratorGroup = {
  name: 'outcomes',
  rule: 'generate gives one outcome for each item, in the order of the source, and the descriptors that encode gives; it pulls only as far ahead as it needs',
  cases: {
    'outcomes come in the order of the source': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(20)
      if (t.options.manyParts) inputs.splice(7, 0, await t.options.manyParts())
      for (const concurrency of [1, 3, undefined]) {
        const outcomes = await t.outcomes(generator, inputs, { concurrency })
        same(outcomes.length, inputs.length, `outcomes with concurrency ${concurrency}`)
        for (const [i, { input, descriptors, reused }] of outcomes.entries()) {
          ok(input === inputs[i], `outcome ${i} is that of item ${i}, with concurrency ${concurrency}`)
          t.sameDescriptors(descriptors, await generator.encode(inputs[i]), `item ${i} with concurrency ${concurrency}`)
          same(reused, false, `whether item ${i} was reused without a store`)
        }
      }
    },
    'an asynchronous source is a source': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(5)
      const source = async function* () {
        yield* inputs
      }
      same((await t.outcomes(generator, source())).length, 5, 'outcomes')
    },
    'nothing gives nothing': async (t) => {
      same((await t.outcomes(await t.make(), [])).length, 0, 'outcomes of an empty source')
    },
    'an endless source may be left': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(3)
      let pulled = 0
      let finished = false
      const source = function* (): Generator<unknown> {
        try {
          for (; pulled < 5000; pulled++) yield inputs[pulled % 3]
        } finally {
          finished = true
        }
      }
      let seen = 0
      for await (const _ of generator.generate(source())) if (++seen === 3) break
      ok(finished, 'the finally of the source has run')
      ok(pulled < 5000, 'the source was not read to its end')
    },
    'a source that throws is an error, with its cause': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(2)
      const broken = new Error('the source broke')
      const source = function* (): Generator<unknown> {
        yield* inputs
        throw broken
      }
      const error = await throws(() => t.outcomes(generator, source(), { onError: 'skip' }), 'SOURCE_FAILED', 'generate from a source that throws')
      same(error.cause, broken, 'cause')
    },
    'progress counts items': async (t) => {
      const generator = await t.make()
      const seen: number[] = []
      await t.outcomes(generator, await t.inputs(6), { onProgress: ({ done }) => void seen.push(done) })
      same(seen[seen.length - 1], 6, 'the last progress')
      same(seen.join(), [...seen].sort((a, b) => a - b).join(), 'progress, which never goes back')
    },
    'concurrency is a positive whole number': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(1)
      for (const concurrency of [0, -1, 1.5, Number.NaN]) {
        await throws(() => t.outcomes(generator, inputs, { concurrency }), 'INVALID_ARGUMENT', `generate with concurrency ${concurrency}`)
      }
    },
  },
}

export const badItemsGroup: DescriptorGeneratorGroup = {
  name: 'bad items',
  rule: 'onError throw (the default) ends the stream with the error of the item; skip gives the error in the item’s place, and the others are not harmed',
  applies: ({ badInputs }) => badInputs !== undefined,
  cases: {
    'skip gives the error in its place': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(6)
      for (const [what, bad] of Object.entries(t.options.badInputs ?? {})) {
        const outcomes = await t.outcomes(generator, [...inputs.slice(0, 3), bad, ...inputs.slice(3)], { onError: 'skip' })
        same(outcomes.length, 7, `outcomes with ${what} among 6 good items`)
        ok(outcomes[3]!.input === bad, `${what} has its own place`)
        await throws(() => Promise.reject(outcomes[3]!.error), CODES, `the outcome of ${what}`)
        for (const [i, { descriptors }] of outcomes.filter((_, place) => place !== 3).entries()) {
          t.sameDescriptors(descriptors, await generator.encode(inputs[i]), `item ${i} beside ${what}`)
        }
      }
    },
    'throw ends the stream': async (t) => {
      const generator = await t.make()
      const inputs = await t.inputs(3)
      for (const [what, bad] of Object.entries(t.options.badInputs ?? {})) {
        await throws(() => t.outcomes(generator, [...inputs, bad, ...inputs]), CODES, `generate with ${what}`)
      }
    },
  },
}

export const producerGroup: DescriptorGeneratorGroup = {
  name: 'producer',
  rule: 'the producer names what computes the vectors: the same for the same loader, extractor and options, another one for others',
  cases: {
    'two of the same options agree': async (t) => {
      const [first, second] = [await t.make(), await t.make()]
      const producer = await first.producer()
      ok(typeof producer === 'string' && producer !== '', 'producer is a text')
      same(await first.producer(), producer, 'producer the second time')
      same(await second.producer(), producer, 'producer of a second one with the same options')
      same(second.space, first.space, 'space of a second one with the same options')
    },
    'other options have another one': async (t) => {
      if (!t.options.different) return
      const other = await t.options.different()
      ok((await other.producer()) !== (await (await t.make()).producer()), 'a generator with other options has another producer')
    },
  },
}
