// Damaged files of Annoy in a process of its own: each is refused with a typed error, or answers within bounds.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { annoyIndex, writeAnnoyFile } from '@cbir/annoy-index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, runChild } from '../../../tooling/run-child.ts'
import { randomVectors, uidsFor } from './support/vectors.ts'

const ROUNDS = 75
let directory: string
let program: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'annoy-damage-'))
  program = await bundle(new URL('support/damage-program.ts', import.meta.url), directory)
})
afterAll(() => rm(directory, { recursive: true }))

test.each(['euclidean', 'annoy-angular', 'inner-product', 'hamming'] as const)('%s', { timeout: 90_000 }, async (metric) => {
  const dimensions = metric === 'hamming' ? 70 : 8
  const index = await annoyIndex({ metric, trees: 4 })
  await index.build([{ uids: uidsFor(300), vectors: randomVectors(1, 300, dimensions, metric) }])
  const folder = join(directory, metric)
  await mkdir(folder)
  const whole = join(folder, 'whole.ann')
  await writeAnnoyFile(index, whole)
  await index.dispose()
  const { end, lines, errors } = await runChild(program, [whole, metric, String(dimensions), folder, String(ROUNDS), '11'], 80)
  expect({ end, errors, last: lines.at(-1), count: lines.length }).toEqual({ end: 0, errors: '', last: 'end', count: ROUNDS + 1 })
  const ends = new Set(lines.slice(0, -1))
  expect([...ends].filter((one) => one !== 'opened' && one !== 'CORRUPT_DATA')).toEqual([])
  expect(ends).toContain('CORRUPT_DATA')
})
