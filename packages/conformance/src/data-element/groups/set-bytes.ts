// Group `set bytes`: the bytes are replaced, and everything that is told of them.

import { rejects, same } from '../../framework/check.ts'
import { type DataElementGroup, sameBytes, streamed } from '../data-element-case.ts'

export const setBytesGroup: DataElementGroup = {
  name: 'set bytes',
  rule: 'setBytes replaces the bytes; uuid, digests and content type are then those of the new ones',
  applies: ({ writable = true }) => writable,
  cases: {
    'everything is of the new bytes': async (t) => {
      const element = await t.holding(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3))
      // Asked before, so that an answer that is kept too long shows.
      await Promise.all([element.uuid(), element.digest('md5'), element.contentType(), element.isEmpty()])
      const next = t.bytes(90).fill(7, 0, 8)
      await element.setBytes(next)
      await t.holds(element, next, 'bytes')
      sameBytes(await streamed(element), next, 'bytes of the stream')
      const twin = await t.holding(next)
      same(await element.uuid(), await twin.uuid(), 'uuid')
      same(await element.digest('md5'), await twin.digest('md5'), 'md5')
      same(await element.digest('sha512'), await twin.digest('sha512'), 'sha512')
      same((await element.contentType()) === 'image/jpeg', false, 'content type is still that of the old bytes')
    },
    'shorter, longer, none': async (t) => {
      const element = await t.holding(t.bytes(50))
      for (const count of [10, 200, 0, 30]) {
        const bytes = t.bytes(count)
        await element.setBytes(bytes)
        await t.holds(element, bytes, 'bytes')
        same(await element.isEmpty(), count === 0, 'isEmpty')
      }
    },
    'a part of a larger array': async (t) => {
      const all = t.bytes(100)
      const element = await t.make()
      await element.setBytes(all.subarray(20, 50))
      await t.holds(element, all.slice(20, 50), 'bytes')
    },
    'what is no array of bytes is refused': async (t) => {
      const bytes = t.bytes(20)
      const element = await t.holding(bytes)
      const wrong: unknown[] = [undefined, null, 'text', [1, 2], Float32Array.of(1), new ArrayBuffer(2)]
      for (const bad of wrong) {
        await rejects(() => element.setBytes(bad as Uint8Array), 'INVALID_ARGUMENT', `setBytes of ${Object.prototype.toString.call(bad)}`)
      }
      await t.holds(element, bytes, 'bytes after refused calls')
    },
  },
}
