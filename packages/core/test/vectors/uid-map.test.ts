// UidMap: a Map, whatever is done to it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UidMap } from '../../src/vectors/uid-map.ts'

test('UidMap answers as a Map does', () => {
  const uid = fc.oneof(fc.string(), fc.integer({ min: 0, max: 50 }).map(String))
  const step = fc.record({ kind: fc.constantFrom('set', 'delete'), uid, value: fc.nat() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new Map<string, number>()
      const own = new UidMap<number>()
      for (const { kind, uid, value } of steps) {
        if (kind === 'set') {
          map.set(uid, value)
          own.set(uid, value)
        } else {
          map.delete(uid)
          own.delete(uid)
        }
        expect(own.size).toBe(map.size)
      }
      for (const { uid } of steps) {
        expect(own.has(uid)).toBe(map.has(uid))
        expect(own.get(uid)).toBe(map.get(uid))
      }
    }),
  )
})
