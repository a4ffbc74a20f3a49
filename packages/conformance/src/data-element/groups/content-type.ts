// Group `content type`: told from the bytes.

import { ok, same } from '../../framework/check.ts'
import type { DataElementGroup } from '../data-element-case.ts'

const BEGINNINGS: Readonly<Record<string, readonly number[]>> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  'image/jpeg': [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0],
}

export const contentTypeGroup: DataElementGroup = {
  name: 'content type',
  rule: 'the MIME type is found from the bytes where that is possible, else from the name; undefined where it is unknown',
  cases: {
    'of bytes that say what they are': async (t) => {
      for (const [type, beginning] of Object.entries(BEGINNINGS)) {
        const element = await t.holding(Uint8Array.from([...beginning, ...t.bytes(100)]))
        same(await element.contentType(), type, 'content type')
      }
    },
    'of bytes that do not': async (t) => {
      for (const bytes of [new Uint8Array(0), Uint8Array.of(0x89, 0x50), t.bytes(50).fill(0x80)]) {
        const type = await (await t.holding(bytes)).contentType()
        ok(type === undefined || /^[\w.+-]+\/[\w.+-]+$/.test(type), `a content type is undefined or a MIME type; it is ${type}`)
        ok(!Object.keys(BEGINNINGS).includes(type ?? ''), `${bytes.length} bytes of nothing are no picture`)
      }
    },
  },
}
