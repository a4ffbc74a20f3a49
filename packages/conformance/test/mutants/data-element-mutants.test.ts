// The DataElement suite bites: every wrong element fails exactly the groups that it breaks.

import { dataElementGroups, dataElementSuite, referenceDataElement } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { DATA_ELEMENT_MUTANTS } from './data-element-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong data elements', DATA_ELEMENT_MUTANTS, dataElementGroups, (runner, mutant) => {
  const { make = (element) => element, readOnly = false, fromConfig } = mutant
  const { create = (bytes) => make(referenceDataElement(bytes, { readOnly })) } = mutant
  dataElementSuite({
    runner,
    patience: 1000,
    writable: !readOnly,
    create,
    createMissing: () => make(referenceDataElement(undefined)),
    ...(fromConfig && {
      fromConfig({ config: { bytes, ...unknown } }) {
        if (Object.keys(unknown).length > 0) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return fromConfig(make(referenceDataElement(Uint8Array.from(bytes as number[]))))
      },
    }),
  })
})
