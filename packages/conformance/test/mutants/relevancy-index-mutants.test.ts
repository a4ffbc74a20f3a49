// The RelevancyIndex suite bites: every wrong index fails exactly the groups that it breaks.

import { referenceRelevancyIndex, relevancyIndexGroups, relevancyIndexSuite } from '@cbir/conformance'
import { configOf, same } from './config-of.ts'
import { RELEVANCY_INDEX_MUTANTS } from './relevancy-index-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong relevancy indexes', RELEVANCY_INDEX_MUTANTS, relevancyIndexGroups, (runner, { make = same, fromConfig }) => {
  const create = (): ReturnType<typeof referenceRelevancyIndex> => make(referenceRelevancyIndex())
  relevancyIndexSuite({ runner, patience: 1500, create, ...configOf(fromConfig, create) })
})
