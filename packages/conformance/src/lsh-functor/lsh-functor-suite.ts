// lshFunctorSuite: a function from vectors to bit codes keeps its contract.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { checkOptions } from '../framework/suite.ts'
import { checkModelOptions, MODEL_OPTIONS, registerModelSuite } from '../trained-model/model-case.ts'
import { modelGroups, ONCE } from '../trained-model/model-groups.ts'
import { bitsAndDimensionsGroup } from './groups/bits-and-dimensions.ts'
import { closenessGroup } from './groups/closeness.ts'
import { codesGroup } from './groups/codes.ts'
import { LshFunctorCase, type LshFunctorGroup, type LshFunctorSuiteOptions } from './lsh-functor-case.ts'

/** The groups of the suite. */
export const lshFunctorGroups: readonly LshFunctorGroup[] = [
  componentGroup('lsh-functor'),
  codesGroup,
  closenessGroup,
  bitsAndDimensionsGroup,
  ...modelGroups,
  configurationGroup(),
]

/**
 * Registers the tests of one functor with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function lshFunctorSuite(options: LshFunctorSuiteOptions): void {
  checkOptions('lshFunctorSuite', options, [...MODEL_OPTIONS, 'bitsWithinDimensions'])
  checkModelOptions('lshFunctorSuite', options)
  registerModelSuite('LshFunctor', lshFunctorGroups, ONCE, options, (scope, from) => new LshFunctorCase(options, scope, from))
}
