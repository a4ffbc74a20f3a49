// The table of algorithms against Essentia: it has them all, with the parameters, ranges and choices that Essentia itself names when it refuses.

import { ESSENTIA_ALGORITHMS, type ParameterDescription } from '@cbir/essentia'
import { describe, expect, test } from 'vitest'
import { tone } from '../../../tooling/test-sounds.ts'
import { parameterFault } from '../src/algorithms/parameter-fault.ts'
import { runAlgorithm } from '../worker/algorithm.mjs'
import { Essentia } from '../worker/essentia.mjs'
import type { Argument } from '../worker/protocol.d.mts'

const essentia = new Essentia()
const sound = tone(4, 0.1, 44_100) as Float32Array<ArrayBuffer>

/** What Essentia says to these arguments, if it refuses them. */
function refusal(name: string, parameters: readonly Argument[]): string {
  const { input } = ESSENTIA_ALGORITHMS[name]!
  const framing = { frameSize: 2048, hopSize: 4096, windowType: 'hann' }
  try {
    runAlgorithm(essentia, { kind: 'algorithm', name, input, outputs: [], parameters, framing }, sound, 44_100)
    return ''
  } catch (error) {
    return (error as Error).message
  } finally {
    essentia.reset()
  }
}

/** A value that no parameter of its kind takes, where there is one. */
function wrong({ default: usual, range, choices }: ParameterDescription): Argument | undefined {
  if (choices) return 'nothing of the sort'
  return range === undefined ? undefined : -1e9 * Math.sign(Number(usual) || 1)
}

const ranged = Object.entries(ESSENTIA_ALGORITHMS).flatMap(([name, { parameters }]) =>
  Object.entries(parameters).flatMap(([key, parameter], place) => {
    const value = wrong(parameter)
    return value === undefined ? [] : [{ name, key, place, parameter, value }]
  }),
)

describe('parameters', () => {
  test('their ranges and choices are those that Essentia names', () => {
    expect(ranged.length).toBeGreaterThan(200)
    for (const { name, key, place, parameter, value } of ranged) {
      const defaults = Object.values(ESSENTIA_ALGORITHMS[name]!.parameters).map(({ default: usual }) => usual)
      const said = refusal(name, defaults.with(place, value)).replaceAll(', ', ',').replace('-1.0', '-1')
      const [, within = 'nothing'] = /^Parameter \w+ = .* is not within specified range: (.*)$/.exec(said) ?? []
      // Some hand it to an algorithm inside that takes 0, and refuse 0 themselves, which is looked at below; of others 'inf' is in the range.
      const bounds = (range: string): string => range.replace(/inf]$/, 'inf)').replace('[0,inf)', '(0,inf)')
      const stated = parameter.choices ? `{${parameter.choices.join(',')}}` : parameter.range!
      expect(`${name}.${key} ${bounds(within)}`).toBe(`${name}.${key} ${bounds(stated)}`)
      expect(parameterFault(parameter, value), `${name}.${key}`).toBeDefined()
      if (parameter.range?.startsWith('(0,')) expect(refusal(name, defaults.with(place, 0)), `${name}.${key}`).not.toBe('')
    }
  })

  test('the defaults are within their ranges', () => {
    for (const [name, { parameters }] of Object.entries(ESSENTIA_ALGORITHMS))
      for (const [key, parameter] of Object.entries(parameters))
        expect(parameterFault(parameter, parameter.default), `${name}.${key}`).toBeUndefined()
  })

  test('integers are those that Essentia takes as such', () => {
    for (const [name, { parameters }] of Object.entries(ESSENTIA_ALGORITHMS)) {
      const defaults = Object.values(parameters).map(({ default: usual }) => usual)
      for (const [place, [key, { default: usual, integer }]] of Object.entries(parameters).entries()) {
        if (typeof usual !== 'number') continue
        // It is refused before the algorithm is called, if it is an integer.
        if (integer) expect(refusal(name, defaults.with(place, 1e10)), `${name}.${key}`).toContain('outside the valid range')
      }
    }
  })

  test('ranges end where they say', () => {
    const fits = (range: string, value: number): boolean => parameterFault({ default: 1, range }, value) === undefined
    expect([0, 1e-9, 1, 1 + 1e-6].map((value) => fits('(0,1]', value))).toEqual([false, true, true, false])
    expect([-1e-9, 0, 1 - 1e-6, 1].map((value) => fits('[0,1)', value))).toEqual([false, true, true, false])
    expect([3e38, 3.5e38].map((value) => fits('(0,inf)', value))).toEqual([true, false])
    expect(parameterFault({ default: 1 }, -7)).toBeUndefined()
    expect(parameterFault({ default: 1 }, 1e39)).toBeDefined()
  })
})
