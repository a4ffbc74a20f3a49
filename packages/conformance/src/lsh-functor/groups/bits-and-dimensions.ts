// Group `more bits than dimensions`: refused where the method needs as many dimensions, else no obstacle.

import { rejects, same } from '../../framework/check.ts'
import { trainable } from '../../trained-model/model-case.ts'
import type { LshFunctorGroup } from '../lsh-functor-case.ts'

export const bitsAndDimensionsGroup: LshFunctorGroup = {
  name: 'more bits than dimensions',
  rule: 'a fit on vectors of fewer dimensions than the code has bits is DIMENSION_MISMATCH where the method cannot do it, else it works',
  applies: trainable,
  cases: {
    'a fit on vectors shorter than the code': async (t) => {
      const functor = await t.make()
      const dimensions = Math.min(functor.bits - 1, 8)
      if (dimensions < 1) return
      const { data } = t.vectors(t.rows)
      const short = {
        data: data.slice(0, Math.floor(data.length / dimensions) * dimensions),
        count: Math.floor(data.length / dimensions),
        dimensions,
      }
      if (t.options.bitsWithinDimensions) {
        await rejects(() => functor.fit([short]), 'DIMENSION_MISMATCH', `a fit of ${functor.bits} bits on ${dimensions} dimensions`)
        same(functor.hasModel, false, 'hasModel after a refused fit')
      } else {
        await functor.fit([short])
        same((await functor.hash(short)).count, short.count, 'codes of the short vectors')
      }
    },
  },
}
