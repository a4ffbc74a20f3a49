import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearNames } from '../../src/define.ts'

describe('nearNames', () => {
  test('finds a slip of the finger, a swap, another case, a part', () => {
    const known = ['hnsw-index', 'flat-index', 'itq', 'faiss-index', 'Metric']
    expect(nearNames('hsnw-index', known)[0]).toBe('hnsw-index')
    expect(nearNames('metric', known)).toEqual(['Metric'])
    expect(nearNames('hnsw', known)).toEqual(['hnsw-index'])
    expect(nearNames('zzzzzzzz', known)).toEqual([])
  })

  test('an exact name is the nearest, the answer is bounded and made of known names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 12 }), { maxLength: 30 }),
        fc.string({ maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (known, name, limit) => {
          const near = nearNames(name, known, limit)
          expect(near.length).toBeLessThanOrEqual(limit)
          for (const other of near) expect(known).toContain(other)
          if (known.includes(name)) expect(near[0]?.toLowerCase()).toBe(name.toLowerCase())
        },
      ),
    )
  })
})
