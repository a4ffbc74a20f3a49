// How a variable that lists modules is cut into specifiers.

import { delimiter as platformDelimiter } from 'node:path'

/**
 * The specifiers in a list, in their order, without blanks around them and without empty ones. They are separated as the entries of PATH are
 * (`:`, on Windows `;`). A `:` before `//` belongs to a URL and does not separate, nor does what stands before the comma of a `data:` URL.
 * @example splitSpecifiers('file:///a/b.mjs:./c.mjs:@s/p/sub', ':') // ['file:///a/b.mjs', './c.mjs', '@s/p/sub']
 */
export function splitSpecifiers(list: string, delimiter: string = platformDelimiter): string[] {
  const specifiers: string[] = []
  for (let rest = list; rest !== ''; ) {
    const header = /^\s*data:[^,]*,/i.exec(rest)?.[0].length ?? 0
    let end = header
    while (end < rest.length && !(rest[end] === delimiter && !(delimiter === ':' && rest.startsWith('//', end + 1)))) end++
    specifiers.push(rest.slice(0, end).trim())
    rest = rest.slice(end + 1)
  }
  return specifiers.filter((specifier) => specifier !== '')
}
