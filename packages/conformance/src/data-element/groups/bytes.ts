// Group `bytes`: they come out as they were put in, at once or in chunks.

import { same } from '../../framework/check.ts'
import { type DataElementGroup, sameBytes, streamed } from '../data-element-case.ts'

export const bytesGroup: DataElementGroup = {
  name: 'bytes',
  rule: 'bytes gives all bytes, stream the same in chunks; isEmpty says whether there are none',
  cases: {
    'every byte comes out': async (t) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
      const element = await t.holding(bytes)
      await t.holds(element, bytes, 'bytes')
      sameBytes(await streamed(element), bytes, 'bytes of the stream')
      same(await element.isEmpty(), false, 'isEmpty')
    },
    'no bytes at all': async (t) => {
      const element = await t.holding(new Uint8Array(0))
      await t.holds(element, new Uint8Array(0), 'bytes')
      sameBytes(await streamed(element), new Uint8Array(0), 'bytes of the stream')
      same(await element.isEmpty(), true, 'isEmpty')
    },
    'more bytes than a chunk has': async (t) => {
      const bytes = t.bytes(700_001)
      const element = await t.holding(bytes)
      await t.holds(element, bytes, 'bytes')
      sameBytes(await streamed(element), bytes, 'bytes of the stream')
    },
    'a stream may be left, and read again': async (t) => {
      const bytes = t.bytes(300_000)
      const element = await t.holding(bytes)
      for await (const chunk of element.stream()) {
        sameBytes(chunk.subarray(0, 10), bytes.subarray(0, 10), 'bytes of the first chunk')
        break
      }
      sameBytes(await streamed(element), bytes, 'bytes of a second stream')
    },
  },
}
