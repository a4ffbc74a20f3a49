// Factory strings: what is read, what is refused before faiss sees it, and what each needs.

import { CbirError } from '@cbir/core'
import { faissIndex } from '@cbir/faiss-index'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDimensions, leastTrainingRows, mostTrainingRows, parseFactory, sameFactory, writeFactory } from '../src/factory-string.ts'
import { clusteredVectors, itemsOf } from './support/vectors.ts'

test.each([
  ['Flat', 'Flat', 0],
  ['IVF1024,Flat', 'IVF1024,Flat', 1024],
  ['IVF1024,PQ16', 'IVF1024,PQ16x8np', 1024],
  ['OPQ16_64,IVF64,PQ16x4np', 'OPQ16_64,IVF64,PQ16x4np', 64],
  ['OPQ8,Flat', 'OPQ8,Flat', 256],
  ['HNSW32', 'HNSW32,Flat', 0],
  ['HNSW', 'HNSW32,Flat', 0],
  ['HNSW16_SQ8', 'HNSW16,SQ8', 1],
  ['HNSW16,PQ8', 'HNSW16,PQ8np', 256],
  ['SQ8', 'SQ8', 1],
  ['LSH', 'LSH', 0],
  ['IDMap,Flat', 'Flat', 0],
  ['IVF8,Flat,IDMap2', 'IVF8,Flat', 8],
  ['PCA16,IVF4_HNSW8,SQfp16', 'PCA16,IVF4_HNSW8,SQfp16', 16],
  ['PQ4x10', 'PQ4x10np', 1024],
])('%s is %s and trains on at least %i', (text, written, least) => {
  const factory = parseFactory(text)
  expect(writeFactory(factory)).toBe(written)
  expect(leastTrainingRows(factory)).toBe(least)
  expect(mostTrainingRows(factory)).toBeGreaterThanOrEqual(256 * least)
  expect(writeFactory(parseFactory(written))).toBe(written)
})

test.each([
  '',
  'flat',
  'IVF0,Flat',
  'IVF8',
  'IVF8,',
  'IVF8,Flat,Flat',
  'HNSW1',
  'HNSW0',
  'PQ0',
  'PQ8x0',
  'PQ8x99',
  'IVF8,PQ4x9',
  'IVF99999999999,Flat',
  'IDMap,IDMap,Flat',
  'IDMap',
  'IMI2x8,Flat',
  'IVF8(Index9),Flat',
  'OPQ8',
  'OPQ0,Flat',
  'Pad,Flat',
  'Flat,RFlat',
  'HNSW8,PQ4x4',
  'PQ4x4fs',
  'L2norm,Flat',
  'SQ7',
  'Flat ',
])('"%s" is INVALID_CONFIG and says what is supported', async (factory) => {
  expect(() => parseFactory(factory)).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  expect(() => faissIndex({ factory })).toThrowError(/Supported: Flat/)
})

test('nothing that is typed makes it throw anything but INVALID_CONFIG', () => {
  const piece = fc.constantFrom('IVF', 'HNSW', 'PQ', 'SQ', 'OPQ', 'LSH', 'Flat', 'IDMap', ',', '_', 'x', 'np', '0', '8', '1024', '(', ')', 'PCA')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      try {
        const factory = parseFactory(pieces.join(''))
        expect(writeFactory(parseFactory(writeFactory(factory)))).toBe(writeFactory(factory))
      } catch (error) {
        expect(CbirError.isInstance(error, 'INVALID_CONFIG')).toBe(true)
      }
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['PQ5', 16],
  ['IVF4,PQ3', 16],
  ['OPQ3,Flat', 16],
  ['PCA32,Flat', 16],
  ['Pad8,Flat', 16],
  ['RR8,PQ5', 16],
])('%s does not fit %i dimensions', async (text, dimensions) => {
  expect(() => checkDimensions(parseFactory(text), text, dimensions)).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  const index = await faissIndex({ factory: text })
  await expect(index.build([itemsOf(clusteredVectors(20, dimensions))])).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  await index.dispose()
})

test.each([
  ['LSH', 'euclidean'],
  ['LSH', 'inner-product'],
  ['HNSW8,PQ4', 'cosine'],
  ['PCA8,Flat', 'inner-product'],
] as const)('%s is refused in %s', (factory, metric) => {
  expect(() => faissIndex({ factory, metric })).toThrowError(expect.objectContaining({ code: 'INVALID_CONFIG' }))
})

test('strings are the same where they name the same index', () => {
  const same = (a: string, b: string): boolean => sameFactory(parseFactory(a), parseFactory(b), 32)
  expect(same('PQ8', 'IDMap,PQ8x8np')).toBe(true)
  expect(same('OPQ8,PQ8', 'RR32,PQ8')).toBe(true)
  expect(same('OPQ8_16,PQ8', 'RR32,PQ8')).toBe(false)
  expect(same('IVF4,Flat', 'IVF8,Flat')).toBe(false)
})
