// The frame of the suites: options, failures, clean-up, and the same data from the same seed.

import { type ConformanceFailure, collectingRunner, nearestNeighborsIndexSuite, randomFrom, referenceNearestNeighborsIndex } from '@cbir/conformance'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { fail, rejects, sameData, show } from '../src/framework/check.ts'
import { checkOptions, registerGroups, type Scope, type SuiteOptions } from '../src/framework/suite.ts'

const options = { create: () => referenceNearestNeighborsIndex({ metric: 'euclidean' }), metric: 'euclidean' as const }

describe('options', () => {
  test('an option that the suite does not have throws', () => {
    const misspelt = { ...options, runner: collectingRunner(), capabilities: [], minimalRecall: 0.5 }
    expect(() => nearestNeighborsIndexSuite(misspelt)).toThrow(/no option "minimalRecall".*minimumRecall/)
  })

  test('a runner without test or group throws', () => {
    expect(() => nearestNeighborsIndexSuite({ ...options, runner: {} as never, capabilities: [] })).toThrow(/group\(name, define\)/)
  })

  test('persist and reopen come together', () => {
    expect(() => nearestNeighborsIndexSuite({ ...options, runner: collectingRunner(), capabilities: ['persist'] })).toThrow(/reopen/)
  })

  test.each([{ seed: 1.5 }, { patience: 0 }])('%j is refused', (wrong) => {
    expect(() => checkOptions('suite', { runner: collectingRunner(), ...wrong }, [])).toThrow(TypeError)
  })
})

/** Runs one case. */
async function runOne(run: (scope: Scope) => Promise<void>, seed?: number) {
  const runner = collectingRunner()
  const suite: SuiteOptions = { runner, seed }
  registerGroups([{ name: 'a group', rule: 'the rule', cases: { 'a case': run } }], suite, (scope) => scope)
  const [result] = await runner.run()
  return result!.error as ConformanceFailure | undefined
}

describe('failures', () => {
  test('a failure names the rule and the seed', async () => {
    const failure = await runOne(async () => fail('expected 1, got 2'), 7)
    expect(failure?.message).toBe('expected 1, got 2\n  rule "a group": the rule\n  repeat with seed: 7')
    expect(failure?.stack).toContain('framework.test.ts')
  })

  test('an unexpected error is reported as its cause', async () => {
    const cause = new RangeError('no')
    const failure = await runOne(async () => Promise.reject(cause))
    expect(failure?.message).toContain('unexpected RangeError (no)')
    expect(failure?.cause).toBe(cause)
  })

  test('clean-up runs last first, also after a failure, and its own failure counts', async () => {
    const order: string[] = []
    const failed = await runOne(async ({ defer }) => {
      defer(() => order.push('first'))
      defer(() => order.push('second'))
      fail('no')
    })
    expect(failed?.message).toContain('no')
    expect(order).toEqual(['second', 'first'])
    expect((await runOne(async ({ defer }) => defer(() => Promise.reject(new Error('in clean-up')))))?.message).toContain('in clean-up')
  })

  test('a case that passes has no error', async () => {
    expect(await runOne(async () => {})).toBeUndefined()
  })

  test('a call that throws instead of rejecting is told apart', async () => {
    const call = vi.fn(() => {
      throw new Error('at once')
    })
    await expect(rejects(call, 'ABORTED', 'the call')).rejects.toThrow(/the call itself threw Error \(at once\)/)
  })

  test('data are compared at every depth', () => {
    expect(() => sameData({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, 'x')).toThrow(/a\.1\.b/)
    expect(() => sameData({ a: undefined }, {}, 'x')).toThrow(/differ at a/)
    expect(() => sameData({ a: Float32Array.of(1, 2) }, { a: Float32Array.of(1, 3) }, 'x')).toThrow(/differ at a\.1/)
    expect(() => sameData({ a: Float32Array.of(1, 2) }, { a: Float32Array.of(1) }, 'x')).toThrow(/differ at a\.length/)
    sameData({ a: Float32Array.of(1, 2), b: null }, { b: null, a: Float32Array.of(1, 2) }, 'x')
  })

  test('long values are cut in messages', () => {
    expect(show(new Float32Array(100))).toContain('100 in all')
    expect(show('x'.repeat(1000)).length).toBeLessThan(310)
  })
})

describe('random data', () => {
  test('the same seed gives the same numbers', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [a, b] = [randomFrom(seed), randomFrom(seed)]
        for (let i = 0; i < 10; i++) expect(a.uniform()).toBe(b.uniform())
      }),
    )
  })

  test('numbers lie where they should', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, below) => {
        const random = randomFrom(seed)
        for (let i = 0; i < 20; i++) {
          expect(random.uniform()).toBeLessThan(1)
          expect(random.integer(below)).toBeLessThan(below)
          expect(Number.isFinite(random.normal())).toBe(true)
        }
      }),
    )
  })
})
