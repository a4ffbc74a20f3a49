// The NearestNeighborsIndex suite bites: every wrong index fails exactly the groups that it breaks.

import {
  type FullIndex,
  type NearestNeighborsIndexSuiteOptions,
  nearestNeighborsIndexGroups,
  nearestNeighborsIndexSuite,
  openReferenceNearestNeighborsIndex,
  referenceNearestNeighborsIndex,
  type TestRunner,
} from '@cbir/conformance'
import { CbirError, type IndexCapability } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { INDEX_MUTANTS, STORED_INDEX_MUTANTS } from './index-mutants.ts'
import { needless, outcomeOf, variant } from './run-mutants.ts'

const ABILITIES = ['update', 'remove', 'range', 'exact'] as const
const FRESH = new Set(nearestNeighborsIndexGroups.map(({ name }) => name))

/** The reference without files, so that a mutant has to be wrong in one way only. */
function withoutFiles(index: FullIndex): FullIndex {
  const raise = (): never => {
    throw new CbirError('NOT_SUPPORTED', 'this index does not save')
  }
  const refuse = async (): Promise<never> => raise()
  return variant(index, { capabilities: new Set<IndexCapability>(ABILITIES), save: refuse, flush: refuse, attach: () => raise() })
}

function suite(runner: TestRunner, options: Omit<NearestNeighborsIndexSuiteOptions, 'runner'>): void {
  nearestNeighborsIndexSuite({ runner, patience: 1500, ...options })
}

describe('wrong indexes', () => {
  for (const { name, breaks, metric = 'euclidean', make } of INDEX_MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const create = (): FullIndex => make(withoutFiles(referenceNearestNeighborsIndex({ metric })))
      const { failed, messages } = await outcomeOf((runner) => suite(runner, { create, capabilities: ABILITIES, metric }), needless(breaks))
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
})

describe('indexes that are wrong when stored or described', () => {
  for (const {
    name,
    breaks,
    reruns = false,
    wrap = (index: FullIndex) => index,
    open,
    fromConfig = (index: FullIndex) => index,
  } of STORED_INDEX_MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const metric = 'euclidean'
      const { failed, messages } = await outcomeOf(
        (runner) =>
          suite(runner, {
            create: () => wrap(referenceNearestNeighborsIndex({ metric })),
            capabilities: [...ABILITIES, 'persist'],
            metric,
            reopen: async (directory) => wrap(await (open?.(directory) ?? openReferenceNearestNeighborsIndex({ metric, directory }))),
            fromConfig: ({ config }) => {
              const unknown = Object.keys(config).filter((key) => !['metric', 'since', 'rows'].includes(key))
              if (unknown.length > 0) throw new CbirError('INVALID_CONFIG', `unknown: ${unknown.join()}`)
              return fromConfig(wrap(referenceNearestNeighborsIndex({ metric })))
            },
          }),
        needless(breaks, reruns),
      )
      expect(reruns ? failed : failed.filter((group) => FRESH.has(group)), messages).toEqual([...breaks].sort())
    })
  }
})

test('every group is broken by a mutant', () => {
  const broken = new Set([...INDEX_MUTANTS, ...STORED_INDEX_MUTANTS].flatMap(({ breaks }) => breaks))
  expect([...FRESH].filter((group) => !broken.has(group))).toEqual([])
})
