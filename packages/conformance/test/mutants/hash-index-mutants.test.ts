// The HashIndex suite bites: every wrong index fails exactly the groups that it breaks.

import { type FullHashIndex, hashIndexGroups, hashIndexSuite, referenceHashIndex } from '@cbir/conformance'
import { CbirError, type HashIndexCapability } from '@cbir/core'
import { HASH_INDEX_MUTANTS } from './hash-index-mutants.ts'
import { variant } from './run-mutants.ts'
import { testMutants } from './test-mutants.ts'

const ABILITIES = ['update', 'remove', 'exact'] as const

/** The reference without files, so that a mutant has to be wrong in one way only. */
function withoutFiles(index: FullHashIndex): FullHashIndex {
  const refuse = async (): Promise<never> => {
    throw new CbirError('NOT_SUPPORTED', 'this index does not save')
  }
  return variant(index, { capabilities: new Set<HashIndexCapability>(ABILITIES), save: refuse, flush: refuse })
}

testMutants('wrong hash indexes', HASH_INDEX_MUTANTS, hashIndexGroups, (runner, mutant) => {
  const { make = (index) => index, open, fromConfig } = mutant
  hashIndexSuite({
    runner,
    patience: 1000,
    create: () => (open ? referenceHashIndex() : make(withoutFiles(referenceHashIndex()))),
    capabilities: open ? [...ABILITIES, 'persist'] : ABILITIES,
    ...(open && { reopen: open }),
    ...(fromConfig && {
      fromConfig({ config }) {
        if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return withoutFiles(fromConfig())
      },
    }),
  })
})
