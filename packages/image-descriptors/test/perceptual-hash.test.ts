import { bitsOf, vectorBatch } from '@cbir/core'
import { expect, test } from 'vitest'
import { hashBits, perceptualHash } from '../src/index.ts'
import { enlarge, mapBytes, plain, scene, sumOf } from './pictures.ts'
import { hashReference } from './reference.ts'

function differingShare(data: Float32Array, a: number, b: number): number {
  return sumOf(Array.from({ length: 64 }, (_, i) => Number(data[a * 64 + i] !== data[b * 64 + i]))) / 64
}

test('agrees with a plain implementation', async () => {
  for (const source of [scene(1, 50, 70), scene(2, 19, 33), scene(4, 90, 40)]) {
    const { data } = await perceptualHash().extract([source])
    expect([...data]).toEqual(hashReference(source, 8))
    const { data: small } = await perceptualHash({ size: 5 }).extract([source])
    expect([...small]).toEqual(hashReference(source, 5))
  }
})

test('half of the bits are set, and all are 0 or 1', async () => {
  const { data } = await perceptualHash().extract([scene(7)])
  expect(sumOf(data)).toBe(32)
  expect(data.every((bit) => bit === 0 || bit === 1)).toBe(true)
})

test('copies that are scaled, darker or rougher differ in few bits, other pictures in many', async () => {
  const rough = { ...scene(1), data: scene(1).data.map((byte, i) => byte + ((i * 31) % 5)) }
  const { data } = await perceptualHash().extract([
    scene(1),
    scene(1, 120, 160),
    enlarge(scene(1), 3),
    mapBytes(scene(1), (b) => b * 0.8),
    rough,
    scene(7, 80, 50),
  ])
  for (const copy of [1, 2, 3, 4]) expect(differingShare(data, 0, copy)).toBeLessThanOrEqual(0.1)
  expect(differingShare(data, 0, 5)).toBeGreaterThan(0.2)
})

test('a plain picture of any colour gives zeros', async () => {
  const { data } = await perceptualHash().extract([plain(10, 300, [1, 2, 3]), plain(77, 9, [255, 254, 1])])
  expect(sumOf(data)).toBe(0)
})

test('hashBits packs each row into 8 bytes, bit by bit', async () => {
  const batch = await perceptualHash().extract([scene(1), scene(2)])
  const codes = hashBits(batch)
  expect([codes.count, codes.bits, codes.stride]).toEqual([2, 64, 8])
  for (const row of [0, 1]) expect(bitsOf(codes, row).map(Number)).toEqual([...batch.data.slice(row * 64, row * 64 + 64)])
})

test('hashBits refuses what is not a batch', () => {
  expect(() => hashBits({ data: [1, 0] } as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(hashBits(vectorBatch(Float32Array.of(1, 0, 1), 3)).data[0]).toBe(0b101)
})
