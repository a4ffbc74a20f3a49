// Group `path`: a file that holds the bytes, for elements that give one.

import { ok } from '../../framework/check.ts'
import { type DataElementGroup, sameBytes } from '../data-element-case.ts'

export const pathGroup: DataElementGroup = {
  name: 'path',
  rule: 'path, where an element has it, gives the absolute path of a file that holds the bytes',
  cases: {
    'the file holds the bytes': async (t) => {
      const bytes = t.bytes(300)
      const element = await t.holding(bytes)
      if (!element.path) return
      const [{ readFile }, { isAbsolute }] = await Promise.all([import('node:fs/promises'), import('node:path')])
      const path = await element.path()
      ok(isAbsolute(path), `the path is absolute; it is ${path}`)
      sameBytes(await readFile(path), bytes, 'bytes of the file')
      if (!t.writable) return
      const next = t.bytes(40)
      await element.setBytes(next)
      sameBytes(await readFile(await element.path()), next, 'bytes of the file after setBytes')
    },
  },
}
