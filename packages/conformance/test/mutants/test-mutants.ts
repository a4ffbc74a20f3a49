// The tests of a list of mutants: each fails exactly the groups that it breaks, and every group is broken by one.

import type { TestRunner } from '@cbir/conformance'
import { describe, expect, test } from 'vitest'
import { needless, outcomeOf } from './run-mutants.ts'

export interface Mutant {
  readonly name: string
  /** The groups that must notice. */
  readonly breaks: readonly string[]
}

/**
 * Defines the tests. `register` registers the suite on what a mutant makes. Of reruns only the groups that a mutant names count: what is broken
 * in a file breaks whatever is done with what was read from it.
 */
export function testMutants<M extends Mutant>(
  title: string,
  mutants: readonly M[],
  groups: readonly { readonly name: string }[],
  register: (runner: TestRunner, mutant: M) => void,
): void {
  const fresh = new Set(groups.map(({ name }) => name))
  describe(title, () => {
    for (const mutant of mutants) {
      test(`${mutant.name} → ${mutant.breaks.join(', ')}`, async () => {
        const { failed, messages } = await outcomeOf((runner) => register(runner, mutant), needless(mutant.breaks))
        const counted = failed.filter((group) => fresh.has(group) || mutant.breaks.includes(group))
        expect(counted, messages).toEqual([...mutant.breaks].sort())
      })
    }

    test('every group is broken by a mutant', () => {
      const broken = new Set(mutants.flatMap(({ breaks }) => breaks))
      expect([...fresh].filter((group) => !broken.has(group))).toEqual([])
    })
  })
}
