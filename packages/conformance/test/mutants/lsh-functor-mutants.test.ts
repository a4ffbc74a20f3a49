// The LshFunctor suite bites: every wrong functor fails exactly the groups that it breaks.

import { type FullLshFunctor, lshFunctorGroups, lshFunctorSuite, openReferenceLshFunctor, referenceLshFunctor } from '@cbir/conformance'
import { LSH_FUNCTOR_MUTANTS } from './lsh-functor-mutants.ts'
import { registerMutant } from './register-model-mutant.ts'
import { testMutants } from './test-mutants.ts'

const BITS = 12
const reference = (): FullLshFunctor => referenceLshFunctor({ bits: BITS })

testMutants('wrong functors', LSH_FUNCTOR_MUTANTS, lshFunctorGroups, (runner, mutant) => {
  const options = registerMutant(mutant, 'fit', reference, (directory) => openReferenceLshFunctor({ bits: BITS, directory }))
  lshFunctorSuite({ runner, ...options, ...(mutant.bitsWithinDimensions && { bitsWithinDimensions: true }) })
})
