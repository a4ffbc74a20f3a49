// The README's tables of algorithms and descriptors against the code.

import { readFileSync } from 'node:fs'
import { type AlgorithmInput, descriptorFields, dimensionsOf, ESSENTIA_ALGORITHMS } from '@cbir/essentia'
import { expect, test } from 'vitest'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const rows = readme.split('\n').flatMap((line) =>
  line.startsWith('| ')
    ? [
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ]
    : [],
)
const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)

/** How the table calls what an algorithm is given. */
const GIVEN: Readonly<Record<AlgorithmInput, string>> = {
  spectrum: "magnitudes of each frame's spectrum",
  moments: 'central moments of the spectrum',
  peaks: 'peaks of the spectrum',
  harmonics: 'harmonics of the pitch',
  frame: 'samples of each frame',
  envelope: 'envelope of the sound',
  stereo: 'whole sound, as both channels',
  signal: 'whole sound',
}

test('every algorithm is in the row of what it is given, and no other', () => {
  for (const [input, given] of Object.entries(GIVEN)) {
    const [, algorithms = ''] = rows.find(([first]) => first === given) ?? []
    const named = algorithms.split(' · ').map((one) => codes(one)[0])
    const known = Object.keys(ESSENTIA_ALGORITHMS).filter((name) => ESSENTIA_ALGORITHMS[name]!.input === input)
    expect(named, given).toEqual(known.sort())
  }
  expect(readme).toContain(`any of ${Object.keys(ESSENTIA_ALGORITHMS).length} algorithms`)
})

test('the algorithms that take 44 100 Hz alone are those that are named', () => {
  const [, sentence = ''] = /\n?([^.\n]*) are made for 44 100 Hz/.exec(readme) ?? []
  expect(codes(sentence)).toEqual(
    Object.keys(ESSENTIA_ALGORITHMS)
      .filter((name) => ESSENTIA_ALGORITHMS[name]!.only44100)
      .sort(),
  )
})

test.each(['music', 'freesound'] as const)("%s: each descriptor is in its group's row, with its length", (kind) => {
  const fields = descriptorFields(kind, { statistics: ['mean'] })
  const written = (group: string, pooled: boolean): string[] =>
    fields
      .filter(({ descriptor, statistic }) => descriptor.startsWith(`${group}.`) && (statistic !== undefined) === pooled)
      .map(({ descriptor, length }) => `\`${descriptor.slice(group.length + 1)}\`${length === 1 ? '' : ` (${length})`}`)
  const groups = [...new Set(fields.map(({ descriptor }) => descriptor.slice(0, descriptor.indexOf('.'))))]
  for (const group of groups) {
    for (const gives of ['one value', 'nine statistics']) {
      const row = rows.find(([extractor, of, what]) => extractor === kind && of === group && what === gives)
      expect(row?.[3]?.split(', '), `${group}, ${gives}`).toEqual(written(group, gives === 'nine statistics'))
    }
  }
  expect(rows.filter(([extractor]) => extractor === kind).length).toBe(2 * groups.length)
  expect(readme).toContain(`${dimensionsOf(descriptorFields(kind))} ${kind === 'music' ? 'numbers of `musicExtractor`' : 'of `freesoundExtractor`'}`)
})
