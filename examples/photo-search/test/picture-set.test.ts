import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { KINDS } from '../src/picture-set/kinds.ts'
import { drawPicture, PICTURES_PER_KIND } from '../src/picture-set/make-picture-set.ts'
import { Random } from '../src/picture-set/random.ts'
import { runSearch } from './run-search.ts'

test('the generator gives the same numbers everywhere', () => {
  const random = new Random('a name')
  const numbers = Array.from({ length: 3 }, () => Math.floor(random.next() * 1e9))
  expect(numbers).toEqual([880873285, 289529935, 978401723])
  expect(new Random('a name').integer(0, 1e9)).toBe(new Random('a name').integer(0, 1e9))
  expect(new Random('a name').next()).not.toBe(new Random('another').next())
})

test('numbers are spread evenly and stay within their bounds', () => {
  const random = new Random('spread')
  const counts = new Array<number>(10).fill(0)
  for (let i = 0; i < 10_000; i++) counts[random.integer(0, 9)]! += 1
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
})

test('there are twelve kinds, and every picture is another one', () => {
  expect(Object.keys(KINDS)).toHaveLength(12)
  const digests = Object.keys(KINDS).flatMap((kind) => [0, 1, 2].map((i) => digestOf(kind, i)))
  expect(new Set(digests).size).toBe(36)
})

// SHA-1 of the pixels of the first picture of each kind. They change only where the set itself is changed on purpose.
test.each([
  ['bricks', 'e999bd414e0a3aa7cf0fbc02a2c236497652a9f5'],
  ['cells', 'f61856a965710da59fdee6ec9475ea50f6a4522f'],
  ['checks', '3bcb80462e0166f0ffb120475efac8e1793c6a80'],
  ['city', 'e86bb9d7172139fd3998c533a088251c48818f3d'],
  ['clouds', 'fe9e368900d1ec08e467f467dd1b0479961a1191'],
  ['cross', '27dfbccadcb90c8a9d0d0e231d20f9bda8060762'],
  ['dots', '52d769c317b67326421238c73ce00437721b8f0a'],
  ['meadow', '3f297cdf5882ac4d8db0a0b25e36fae87540af3c'],
  ['ring', 'ab6eaaec5191bfb77215726f202aa033c167be2d'],
  ['star', '2419ce9a0d86bc6d91361d3f8e618cd5663ea3a8'],
  ['stripes', 'c4cd1407d406f460e287b113f6358d8b6db0afb1'],
  ['sunset', 'bc08be62ddc986f18b8b10c22bf8159fbd01c439'],
])('%s is drawn the same to the last bit everywhere', (kind, digest) => {
  expect(digestOf(kind, 0)).toBe(digest)
})

test('the whole set: raw pixels stay below .5, the descriptor is far above', { timeout: 180_000 }, async () => {
  const cache = await mkdtemp(join(tmpdir(), 'picture-set-'))
  try {
    const { lines } = await runSearch([], { cache })
    const [, own, raw] = lines.join('\n').match(/precision@10: (\S+) \(image-descriptor\), (\S+) \(raw pixels\)/) as RegExpMatchArray
    expect(Number(raw)).toBeLessThan(0.5)
    expect(Number(own)).toBeGreaterThan(0.75)
    expect((await readdir(join(cache, 'pictures'))).sort()).toEqual(Object.keys(KINDS).sort())
    expect(await readdir(join(cache, 'pictures/star'))).toHaveLength(PICTURES_PER_KIND)
    expect((await readFile(join(cache, 'pictures/star/24.png'))).subarray(1, 4).toString()).toBe('PNG')
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
})

function digestOf(kind: string, number: number): string {
  return createHash('sha1').update(drawPicture(kind, number).pixels).digest('hex')
}
