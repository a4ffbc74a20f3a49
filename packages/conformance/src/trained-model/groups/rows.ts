// Group `rows`: what is said of a vector does not depend on what stands beside it.

import { same } from '../../framework/check.ts'
import { type ModelGroup, sameAnswers } from '../model-case.ts'

export const rowsGroup: ModelGroup = {
  name: 'rows',
  rule: 'row i of the answer belongs to row i of the vectors, for any count, zero too; the same model says the same of the same vector',
  cases: {
    'a batch is answered as its rows are one by one': async (t) => {
      const component = await t.trained()
      const batch = t.vectors(9)
      const whole = await t.ask(component, batch)
      const width = whole.length / batch.count
      for (let i = 0; i < batch.count; i++) {
        const row = { data: batch.data.slice(i * t.dimensions, (i + 1) * t.dimensions), count: 1, dimensions: t.dimensions }
        sameAnswers(await t.ask(component, row), whole.slice(i * width, (i + 1) * width), `the answer for row ${i}`)
      }
    },
    'no row gives no row': async (t) => {
      const component = await t.trained()
      same((await t.ask(component, { data: new Float32Array(0), count: 0, dimensions: t.dimensions })).length, 0, 'numbers for no row')
    },
  },
}
