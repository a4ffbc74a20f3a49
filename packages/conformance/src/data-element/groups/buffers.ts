// Group `buffers`: bytes are copied in and out.

import { same } from '../../framework/check.ts'
import { type DataElementGroup, streamed } from '../data-element-case.ts'

export const buffersGroup: DataElementGroup = {
  name: 'buffers',
  rule: 'the caller may change what it passed as soon as the call has returned its promise; the bytes that come out belong to the caller',
  cases: {
    'bytes changed right after setBytes': async (t) => {
      if (!t.writable) return
      const element = await t.make()
      const bytes = t.bytes(60)
      const passed = bytes.slice()
      const set = element.setBytes(passed)
      passed.fill(0)
      await set
      await t.holds(element, bytes, 'bytes')
      const moved = bytes.slice()
      const again = element.setBytes(moved)
      structuredClone(moved.buffer, { transfer: [moved.buffer] })
      await again
      await t.holds(element, bytes, 'bytes after those that were passed have been transferred')
    },
    'bytes belong to the caller': async (t) => {
      const bytes = t.bytes(60)
      const element = await t.holding(bytes.slice())
      const uuid = await element.uuid()
      const got = await element.bytes()
      got.fill(0)
      await t.holds(element, bytes, 'bytes after those that came out were changed')
      for await (const chunk of element.stream()) chunk.fill(0)
      await t.holds(element, bytes, 'bytes after chunks were changed')
      same((await streamed(element))[0], bytes[0], 'the first byte of the stream')
      same(await element.uuid(), uuid, 'uuid')
    },
    'bytes changed after the element was made': async (t) => {
      const bytes = t.bytes(60)
      const passed = bytes.slice()
      const element = await t.holding(passed)
      passed.fill(0)
      await t.holds(element, bytes, 'bytes')
    },
  },
}
