// Group `parts`: an item is 0, 1 or many parts, in their order.

import { ok } from '../../framework/check.ts'
import type { VectorLoaderGroup } from '../loader-case.ts'

export const partsGroup: VectorLoaderGroup = {
  name: 'parts',
  rule: 'load gives the parts of an item in their order, each with a value; start and end are where it lies: numbers, start ≤ end, start never goes back',
  cases: {
    'every input has a part, and every part a value': async (t) => {
      const loader = await t.make()
      for (const [i, input] of (await t.inputs(3)).entries()) {
        const parts = await t.parts(loader, input)
        ok(parts.length > 0, `input ${i} has a part`)
        for (const part of parts) ok(part.value !== undefined && part.value !== null, `every part of input ${i} has a value`)
      }
    },
    'parts come in the order of their places': async (t) => {
      const loader = await t.make()
      const inputs = await t.inputs(2)
      if (t.options.manyParts) inputs.push(await t.options.manyParts())
      for (const input of inputs) {
        let last = Number.NEGATIVE_INFINITY
        for (const { start, end } of await t.parts(loader, input)) {
          ok(start === undefined || Number.isFinite(start), `start is a number; it is ${start}`)
          ok(end === undefined || Number.isFinite(end), `end is a number; it is ${end}`)
          ok(start === undefined || end === undefined || start <= end, `a part does not end before it starts: ${start} … ${end}`)
          ok(start === undefined || start >= last, `start never goes back: ${start} after ${last}`)
          last = start ?? last
        }
      }
    },
    'an item of many parts has many': async (t) => {
      if (!t.options.manyParts) return
      const parts = await t.parts(await t.make(), await t.options.manyParts())
      ok(parts.length >= 2, `the input that the option manyParts gives has two parts or more; it has ${parts.length}`)
    },
    'a stream that is left early can be loaded again': async (t) => {
      const loader = await t.make()
      const input = t.options.manyParts ? await t.options.manyParts() : (await t.inputs(1))[0]
      const whole = await t.parts(loader, input)
      for await (const part of loader.load(input)) {
        t.sameParts([part], whole.slice(0, 1), 'a stream that is left after its first part')
        break
      }
      t.sameParts(await t.parts(loader, input), whole, 'an input that is loaded again')
    },
  },
}
