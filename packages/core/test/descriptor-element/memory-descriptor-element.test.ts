// memoryDescriptorElement: copies, errors, equality, factories.

import { descriptorSetElementFactory, descriptorsEqual, itemsOfElements } from '@cbir/core'
import { elementFactory } from '@cbir/core/define'
import { memoryDescriptorElement, memoryDescriptorElementFactory, memoryDescriptorElementPlugin, memoryDescriptorSet } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Element = ReturnType<typeof memoryDescriptorElement>

const factories = {
  memory: () => memoryDescriptorElementFactory,
  'from a plugin': () => elementFactory(memoryDescriptorElementPlugin, {}),
  'over a set': () => descriptorSetElementFactory(memoryDescriptorSet()),
}

for (const [name, factoryOf] of Object.entries(factories)) {
  describe(`descriptor elements, ${name}`, () => {
    it('copy in and out', async () => {
      const element = factoryOf().create('hog', 'a')
      expect([element.type, element.uid]).toEqual(['hog', 'a'])
      expect(await element.hasVector()).toBe(false)
      await expect(element.vector()).rejects.toMatchObject({ code: 'NO_VECTOR', details: { uids: ['a'] } })
      const vector = Float32Array.of(1, 2)
      const setting = element.setVector(vector)
      vector[0] = 9
      await setting
      expect([...(await element.vector())]).toEqual([1, 2])
      ;(await element.vector())[0] = 9
      expect([...(await element.vector())]).toEqual([1, 2])
      await element.setVector(null)
      expect(await element.hasVector()).toBe(false)
    })

    it('refuse bad vectors and keep the old one', async () => {
      const element = factoryOf().create('hog', 'a')
      await element.setVector(Float32Array.of(1))
      await expect(element.setVector(Float32Array.of(Number.NaN))).rejects.toMatchObject({ code: 'NOT_FINITE' })
      await expect(element.setVector(new Float32Array(0))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(element.setVector([1] as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(element.setVector(null, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
      expect([...(await element.vector())]).toEqual([1])
      expect(() => factoryOf().create('hog', '')).toThrow(expect.objectContaining({ name: 'CbirError' }))
    })
  })
}

describe('descriptorsEqual and itemsOfElements', () => {
  it('compare vectors alone', async () => {
    const vector = fc.option(fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 2 }))
    await fc.assert(
      fc.asyncProperty(vector, vector, async (left, right) => {
        const a = memoryDescriptorElement('x', 'a')
        const b = memoryDescriptorElement('y', 'b')
        if (left) await a.setVector(Float32Array.from(left))
        if (right) await b.setVector(Float32Array.from(right))
        expect(await descriptorsEqual(a, b)).toBe(JSON.stringify(left) === JSON.stringify(right))
      }),
    )
  })

  it('make a batch of elements, or say which one has no vector', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((uid) => memoryDescriptorElement('x', uid)) as [Element, Element, Element]
    await expect(itemsOfElements([a])).rejects.toMatchObject({ code: 'NO_VECTOR', details: { uids: ['a'] } })
    await a.setVector(Float32Array.of(1, 2))
    await b.setVector(Float32Array.of(3, 4))
    await c.setVector(Float32Array.of(3))
    expect(await itemsOfElements([b, a])).toEqual({
      uids: ['b', 'a'],
      vectors: { data: Float32Array.of(3, 4, 1, 2), count: 2, dimensions: 2 },
    })
    await expect(itemsOfElements([a, c])).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    await expect(itemsOfElements([])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
