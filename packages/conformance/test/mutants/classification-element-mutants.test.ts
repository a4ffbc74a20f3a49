// The ClassificationElement suite bites: every wrong element fails exactly the groups that it breaks.

import {
  classificationElementGroups,
  classificationElementSuite,
  type ReferenceClassificationTable,
  referenceClassificationElement,
} from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { CLASSIFICATION_ELEMENT_MUTANTS } from './classification-element-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong classification elements', CLASSIFICATION_ELEMENT_MUTANTS, classificationElementGroups, (runner, mutant) => {
  const { make = (element) => element, reopen, fromConfig } = mutant
  const table: ReferenceClassificationTable = new Map()
  classificationElementSuite({
    runner,
    create: (type, uid) => make(referenceClassificationElement(type, uid, table), table),
    ...(reopen && { reopen: (type, uid) => reopen(type, uid, table) }),
    ...(fromConfig && {
      fromConfig({ config }) {
        if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
        const { type, uid } = config as unknown as { type: string; uid: string }
        return fromConfig(make(referenceClassificationElement(type, uid, table), table))
      },
    }),
  })
})
