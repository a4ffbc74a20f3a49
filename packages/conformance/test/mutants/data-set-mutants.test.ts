// The DataSet suite bites: every wrong set fails exactly the groups that it breaks.

import { dataSetGroups, dataSetSuite, readOnlyReferenceDataSet, referenceDataElement, referenceDataSet } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { DATA_SET_MUTANTS } from './data-set-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong data sets', DATA_SET_MUTANTS, dataSetGroups, (runner, mutant) => {
  const { make = (set) => set, readOnly = false, fromConfig } = mutant
  dataSetSuite({
    runner,
    patience: 1000,
    writable: !readOnly,
    async create(contents) {
      const elements = contents.map((bytes) => referenceDataElement(bytes))
      if (readOnly) return make(await readOnlyReferenceDataSet(elements))
      const set = make(referenceDataSet())
      if (elements.length > 0) await set.addMany([elements])
      return set
    },
    ...(fromConfig && {
      fromConfig({ config }) {
        if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return fromConfig()
      },
    }),
  })
})
