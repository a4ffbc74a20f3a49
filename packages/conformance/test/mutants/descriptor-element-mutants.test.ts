// The DescriptorElement suite bites: every wrong element fails exactly the groups that it breaks.

import { descriptorElementGroups, descriptorElementSuite, referenceDescriptorElement, type VectorPlaces } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { DESCRIPTOR_ELEMENT_MUTANTS } from './descriptor-element-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong descriptor elements', DESCRIPTOR_ELEMENT_MUTANTS, descriptorElementGroups, (runner, mutant) => {
  const places: VectorPlaces = new Map()
  const { make = (element) => element, reopen, fromConfig } = mutant
  const { create = (type, uid) => make(referenceDescriptorElement(type, uid, places)) } = mutant
  descriptorElementSuite({
    runner,
    patience: 1000,
    create,
    ...(reopen && { reopen: (type, uid) => reopen(referenceDescriptorElement(type, uid, places)) }),
    ...(fromConfig && {
      fromConfig({ config: { type, uid, ...unknown } }) {
        if ('no such option' in unknown) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return fromConfig(referenceDescriptorElement(type as string, uid as string))
      },
    }),
  })
})
