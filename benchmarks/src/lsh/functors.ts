// The functors that are compared, each as it would be used.

import type { LshFunctor } from '@cbir/core'
import { itq, pStable, randomProjection } from '@cbir/lsh'

export const FUNCTORS: Readonly<Record<string, (bits: number) => Promise<LshFunctor>>> = {
  itq: (bits) => itq({ bits }),
  gaussian: (bits) => randomProjection({ bits }),
  sparse: (bits) => randomProjection({ bits, distribution: 'sparse' }),
  'p-stable': (bits) => pStable({ bits }),
}
