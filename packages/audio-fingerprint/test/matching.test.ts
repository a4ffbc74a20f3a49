// What is recognised and what is not: places, rates, noise, lengths.

import { type AudioFingerprint, audioFingerprint } from '@cbir/audio-fingerprint'
import { CbirError } from '@cbir/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { melody, noisy } from './support/sounds.ts'

const RATE = 11_025
const pieces = [1, 2, 3, 4].map((seed) => melody(seed, 20))
const cut = (i: number, at: number, seconds: number): Float32Array => pieces[i]!.slice(Math.round(at * RATE), Math.round((at + seconds) * RATE))
let matcher: AudioFingerprint

beforeAll(async () => {
  matcher = await audioFingerprint({})
  await matcher.addMany(pieces.map((samples, i) => ({ id: `piece ${i}`, sound: { samples, sampleRate: RATE } })))
})
afterAll(() => matcher.dispose())

describe('the offset', () => {
  test('is right to a hundredth of a second, wherever the cut begins between two frames', async () => {
    for (let k = 0; k < 8; k++) {
      const from = 40_000 + 37 * k
      const found = await matcher.match({ samples: pieces[k % 4]!.slice(from, from + 5 * RATE), sampleRate: RATE })
      expect(found?.id).toBe(`piece ${k % 4}`)
      expect(Math.abs(found!.offset - from / RATE)).toBeLessThan(0.012)
      expect(found!.confidence).toBeGreaterThan(0.99)
    }
  })

  test('is negative where the sound begins before the recording', async () => {
    const samples = new Float32Array(10 * RATE)
    samples.set(melody(99, 4))
    samples.set(cut(2, 0, 6), 4 * RATE)
    const found = await matcher.match({ samples, sampleRate: RATE })
    expect(found?.id).toBe('piece 2')
    expect(found!.offset).toBeCloseTo(-4, 1)
  })

  test('is that of the part that is in there, where the sound goes on with another', async () => {
    const samples = new Float32Array(16 * RATE)
    samples.set(cut(1, 12, 8))
    samples.set(melody(98, 8), 8 * RATE)
    const found = await matcher.match({ samples, sampleRate: RATE })
    expect(found?.id).toBe('piece 1')
    expect(found!.offset).toBeCloseTo(12, 1)
  })
})

describe('sample rates', () => {
  test.each([8000, 16_000, 22_050, 44_100, 47_999.4, 48_000, 96_000])('a cut at %i Hz is found among recordings at 11 025 Hz', async (sampleRate) => {
    const samples = melody(3, 20, sampleRate).slice(Math.round(6 * sampleRate), Math.round(12 * sampleRate))
    const found = await matcher.match({ samples, sampleRate })
    expect(found?.id).toBe('piece 2')
    expect(Math.abs(found!.offset - 6)).toBeLessThan(0.03)
  })

  test.each([1, 3999, 768_001])('%d Hz is INVALID_ARGUMENT', async (sampleRate) => {
    await expect(matcher.match({ samples: cut(0, 0, 5), sampleRate })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(matcher.add('new', { samples: cut(0, 0, 5), sampleRate })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(matcher.has('new')).toBe(false)
  })
})

describe('noise', () => {
  test.each([10, 0])('at %i dB each piece is found', async (snr) => {
    for (const i of [0, 1, 2, 3]) {
      const found = await matcher.match({ samples: noisy(cut(i, 7.3, 5), snr, i), sampleRate: RATE })
      expect(found?.id).toBe(`piece ${i}`)
      expect(Math.abs(found!.offset - 7.3)).toBeLessThan(0.05)
    }
  })

  test('alone it is none, and so are other pieces in it', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const other = melody(50 + seed, 5)
      for (const samples of [noisy(other, 0, seed), noisy(other, -30, seed), other])
        expect(await matcher.match({ samples, sampleRate: RATE })).toBeUndefined()
    }
  })
})

describe('lengths', () => {
  test('a long sound, of which most is not in there', async () => {
    const samples = melody(97, 60)
    samples.set(cut(3, 5, 12), 30 * RATE)
    const found = await matcher.match({ samples, sampleRate: RATE })
    expect(found?.id).toBe('piece 3')
    expect(found!.offset).toBeCloseTo(-25, 1)
  })

  test('a long sound that is not in there', async () => {
    expect(await matcher.match({ samples: melody(96, 60), sampleRate: RATE })).toBeUndefined()
  })

  test('less than a frame is none, and no recording', async () => {
    for (const length of [0, 1, 1023]) {
      const sound = { samples: cut(0, 3, 1).slice(0, length), sampleRate: RATE }
      expect(await matcher.match(sound)).toBeUndefined()
      await expect(matcher.add('short', sound)).rejects.toMatchObject({ code: 'EMPTY' })
    }
  })
})

test('a recording that is there several times is found, as one of them', async () => {
  const twice = await audioFingerprint({})
  for (let copy = 0; copy < 10; copy++) await twice.add(`copy ${copy}`, { samples: pieces[0]!, sampleRate: RATE })
  const found = await twice.match({ samples: noisy(cut(0, 4, 5), 10, 1), sampleRate: RATE })
  expect(found?.id).toMatch(/^copy \d$/)
  expect(found!.offset).toBeCloseTo(4, 1)
  await twice.dispose()
})

test('the same recordings in the same order give the same answers, however loud, and whatever their sign', async () => {
  const other = await audioFingerprint({})
  await other.addMany(pieces.map((samples, i) => ({ id: `piece ${i}`, sound: { samples: samples.map((x) => -0.25 * x), sampleRate: RATE } })))
  const samples = noisy(cut(1, 2.345, 5), 0, 5)
  const answers = await Promise.all([matcher, matcher, other].map((one) => one.match({ samples, sampleRate: RATE })))
  expect(answers[0]).toBeDefined()
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  await other.dispose()
})

test('what is less sure than minimumConfidence is none', async () => {
  const strict = await audioFingerprint({ minimumConfidence: 1 })
  await strict.add('one', { samples: pieces[0]!, sampleRate: RATE })
  const samples = noisy(cut(0, 4, 5), -3, 1)
  const loose = await matcher.match({ samples, sampleRate: RATE })
  if (loose && loose.confidence < 1) expect(await strict.match({ samples, sampleRate: RATE })).toBeUndefined()
  const all = await audioFingerprint({ minimumConfidence: 0 })
  await all.add('one', { samples: pieces[0]!, sampleRate: RATE })
  expect((await all.match({ samples: melody(77, 5), sampleRate: RATE }))?.id).toBe('one')
  await Promise.all([strict.dispose(), all.dispose()])
})

test('an abort in the middle of a long sound leaves nothing behind', async () => {
  const control = new AbortController()
  const samples = (function* () {
    for (let i = 0; i < 100; i++) {
      if (i === 5) control.abort(new Error('enough'))
      yield pieces[0]!
    }
  })()
  const error = await matcher.add('long', { samples, sampleRate: RATE }, { signal: control.signal }).catch((thrown: unknown) => thrown)
  expect(CbirError.isInstance(error, 'ABORTED')).toBe(true)
  expect(matcher.has('long')).toBe(false)
  expect(matcher.count).toBe(4)
})
