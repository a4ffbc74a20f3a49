// memoryClassificationElement: copies, errors, the best label, equality.

import { classificationsEqual, confidenceOf, maxLabel } from '@cbir/core'
import { elementFactory } from '@cbir/core/define'
import { memoryClassificationElement, memoryClassificationElementFactory, memoryClassificationElementPlugin } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('memoryClassificationElement', () => {
  it('copies in and out', async () => {
    const element = memoryClassificationElementFactory.create('svm', 'a')
    expect([element.type, element.uid]).toEqual(['svm', 'a'])
    expect(await element.hasClassifications()).toBe(false)
    await expect(element.classifications()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(maxLabel(element)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const given = new Map([['cat', 0.25]])
    const setting = element.setClassifications(given)
    given.set('cat', 1)
    await setting
    ;(await element.classifications()).set('cat', 1)
    expect([...(await element.classifications())]).toEqual([['cat', 0.25]])
    await element.setClassifications({ dog: 0.5 })
    expect(await confidenceOf(element, 'dog')).toBe(0.5)
    await expect(confidenceOf(element, 'cat')).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('dog') })
  })

  it('gives the first of the best labels', async () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), fc.constantFrom(0, 0.5, 1)), { minLength: 1, selector: ([label]) => label })
    await fc.assert(
      fc.asyncProperty(pairs, async (entries) => {
        const element = memoryClassificationElement('svm', 'a')
        await element.setClassifications(new Map(entries))
        const best = Math.max(...entries.map(([, confidence]) => confidence))
        expect(await maxLabel(element)).toBe(entries.find(([, confidence]) => confidence === best)?.[0])
      }),
    )
  })

  it('refuses bad input and keeps the old', async () => {
    const element = elementFactory(memoryClassificationElementPlugin, {}).create('svm', 'a')
    await element.setClassifications({ cat: 1 })
    await expect(element.setClassifications({})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(element.setClassifications(null as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(element.setClassifications({ '': 1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(element.setClassifications({ dog: '1' as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(element.setClassifications({ dog: Number.NaN })).rejects.toMatchObject({ code: 'NOT_FINITE' })
    expect([...(await element.classifications())]).toEqual([['cat', 1]])
    expect(() => memoryClassificationElement('', 'a')).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  })

  it('is equal where the confidences are', async () => {
    const a = memoryClassificationElement('x', 'a')
    const b = memoryClassificationElement('y', 'b')
    expect(await classificationsEqual(a, b)).toBe(true)
    await a.setClassifications({ cat: 0.25, dog: 0.75 })
    expect(await classificationsEqual(a, b)).toBe(false)
    await b.setClassifications({ dog: 0.75, cat: 0.25 })
    expect(await classificationsEqual(a, b)).toBe(true)
    await b.setClassifications({ dog: 0.75, cat: 0.5 })
    expect(await classificationsEqual(a, b)).toBe(false)
  })
})
