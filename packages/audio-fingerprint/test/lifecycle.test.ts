// What stands in a matcher, and in its directory, as recordings come, go, and come again.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audioFingerprint } from '@cbir/audio-fingerprint'
import type { RecordingMatch, Sound } from '@cbir/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { melody } from './support/sounds.ts'

const RATE = 11_025
const whole = (seed: number): Sound => ({ samples: melody(seed, 8), sampleRate: RATE })
const cut = (seed: number): Sound => ({ samples: melody(seed, 8).slice(2 * RATE, 7 * RATE), sampleRate: RATE })
const place = (found: RecordingMatch | undefined): [string, string] | undefined => found && [found.id, found.offset.toFixed(1)]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audio-fingerprint-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('an id that was removed may be given to another recording, in memory and in the directory', async () => {
  const directory = join(folder, 'again')
  const matcher = await audioFingerprint({ directory })
  await matcher.add('one', whole(1))
  await matcher.add('two', whole(2))
  await matcher.flush()
  await matcher.remove(['one'])
  await matcher.add('one', whole(3))
  expect(place(await matcher.match(cut(3)))).toEqual(['one', '2.0'])
  expect(await matcher.match(cut(1))).toBeUndefined()
  await matcher.dispose()
  const again = await audioFingerprint({ directory })
  expect(again.count).toBe(2)
  expect(place(await again.match(cut(3)))).toEqual(['one', '2.0'])
  expect(place(await again.match(cut(2)))).toEqual(['two', '2.0'])
  expect(await again.match(cut(1))).toBeUndefined()
  await again.dispose()
})

test('a matcher that was emptied stays empty, and can be filled again', async () => {
  const directory = join(folder, 'emptied')
  const matcher = await audioFingerprint({ directory })
  await matcher.addMany([1, 2, 3].map((seed) => ({ id: String(seed), sound: whole(seed) })))
  await matcher.flush()
  for (const seed of [2, 1, 3]) await matcher.remove([String(seed)])
  expect(await matcher.match(cut(1))).toBeUndefined()
  await matcher.dispose()
  const again = await audioFingerprint({ directory })
  expect(again.count).toBe(0)
  await again.add('4', whole(4))
  expect(place(await again.match(cut(4)))).toEqual(['4', '2.0'])
  await again.dispose()
})

test('who only asks writes nothing', async () => {
  const directory = join(folder, 'asked')
  const matcher = await audioFingerprint({ directory })
  await matcher.add('one', whole(1))
  await matcher.dispose()
  const before = [await readFile(join(directory, 'CURRENT'), 'utf8'), await readdir(directory)]
  const again = await audioFingerprint({ directory })
  await again.match(cut(1))
  await again.flush()
  await again.dispose()
  expect([await readFile(join(directory, 'CURRENT'), 'utf8'), await readdir(directory)]).toEqual(before)
})

test('the same recording under two ids: either may be found, and the other when that one is gone', async () => {
  const matcher = await audioFingerprint()
  await matcher.add('first', whole(1))
  await matcher.add('second', whole(1))
  const found = await matcher.match(cut(1))
  await matcher.remove([found!.id])
  expect(place(await matcher.match(cut(1)))).toEqual([found!.id === 'first' ? 'second' : 'first', '2.0'])
  await matcher.dispose()
})
