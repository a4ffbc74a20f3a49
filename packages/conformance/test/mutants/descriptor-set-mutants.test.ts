// The DescriptorSet suite bites: every wrong set fails exactly the groups that it breaks.

import { descriptorSetGroups, descriptorSetSuite, openReferenceDescriptorSet, referenceDescriptorSet } from '@cbir/conformance'
import { describe, expect, test } from 'vitest'
import { DESCRIPTOR_SET_MUTANTS } from './descriptor-set-mutants.ts'
import { outcomeOf } from './run-mutants.ts'

const FRESH = new Set(descriptorSetGroups.map(({ name }) => name))

describe('wrong descriptor sets', () => {
  for (const { name, breaks, make, reopen } of DESCRIPTOR_SET_MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) =>
        descriptorSetSuite({
          runner,
          patience: 1500,
          create: () => make(referenceDescriptorSet()),
          ...(reopen ? { reopen: async (directory) => reopen(await openReferenceDescriptorSet(directory)) } : {}),
        }),
      )
      expect(
        failed.filter((group) => FRESH.has(group)),
        messages,
      ).toEqual([...breaks].sort())
    })
  }
})

test('every group is broken by a mutant', () => {
  const broken = new Set(DESCRIPTOR_SET_MUTANTS.flatMap(({ breaks }) => breaks))
  expect([...FRESH].filter((group) => !broken.has(group))).toEqual([])
})
