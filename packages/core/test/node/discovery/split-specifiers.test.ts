import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitSpecifiers } from '../../../src/node/discovery/split-specifiers.ts'

describe('splitSpecifiers', () => {
  test.each<[string, string, string[]]>([
    ['', ':', []],
    [' : :', ':', []],
    ['a', ':', ['a']],
    ['file:///a/b.mjs:./c.mjs:@s/p/sub:/abs/x.mjs', ':', ['file:///a/b.mjs', './c.mjs', '@s/p/sub', '/abs/x.mjs']],
    [' ./a b.mjs : pkg ', ':', ['./a b.mjs', 'pkg']],
    ['C:\\x\\a.mjs;file:///D:/y.mjs;pkg;D:/z.mjs', ';', ['C:\\x\\a.mjs', 'file:///D:/y.mjs', 'pkg', 'D:/z.mjs']],
    ['pkg:data:text/javascript,export%20{}:./c.mjs', ':', ['pkg', 'data:text/javascript,export%20{}', './c.mjs']],
    ['data:text/javascript;base64,QUJD;pkg', ';', ['data:text/javascript;base64,QUJD', 'pkg']],
    ['DATA:text/javascript;charset=utf-8,a:b', ':', ['DATA:text/javascript;charset=utf-8,a', 'b']],
  ])('%j by %j', (list, delimiter, specifiers) => {
    expect(splitSpecifiers(list, delimiter)).toEqual(specifiers)
  })

  test('what is joined is split again', () => {
    const name = fc.stringMatching(/^[@./a-z][a-z0-9./@ -]{0,20}[a-z0-9]$/).filter((specifier) => !specifier.startsWith('//'))
    const specifier = fc.oneof(
      name,
      name.map((path) => `file:///${path}`),
      fc.base64String().map((code) => `data:text/javascript;base64,${code}`),
    )
    fc.assert(
      fc.property(fc.array(specifier), fc.constantFrom(':', ';'), (specifiers, delimiter) => {
        expect(splitSpecifiers(specifiers.join(delimiter), delimiter)).toEqual(specifiers)
      }),
    )
  })
})
