// docs/errors.md has one heading for each error code of core, and no other.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'

export const name = 'every error code is documented'

export async function check() {
  const source = readFileSync(join(root, 'packages/core/src/errors/error-codes.ts'), 'utf8')
  const list = source.slice(source.indexOf('['), source.indexOf(']'))
  return compareErrorDocs(
    [...list.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code),
    readFileSync(join(root, 'docs/errors.md'), 'utf8'),
  )
}

/** @param {readonly string[]} codes @param {string} markdown @returns {string[]} problems */
export function compareErrorDocs(codes, markdown) {
  const sections = markdown.split(/^## /m).slice(1)
  const headings = sections.map((section) => section.split('\n', 1)[0]?.trim() ?? '')
  return [
    ...(codes.length === 0 ? ['No code was found in error-codes.ts.'] : []),
    ...codes.filter((code) => !headings.includes(code)).map((code) => `docs/errors.md has no heading "## ${code}".`),
    ...headings.filter((heading) => !codes.includes(heading)).map((heading) => `docs/errors.md has "## ${heading}", which is no code of core.`),
    ...headings.filter((heading, i) => headings.indexOf(heading) !== i).map((heading) => `docs/errors.md has "## ${heading}" twice.`),
    ...sections
      .filter((section) => section.split('\n').slice(1).join('').trim() === '')
      .map((section) => `docs/errors.md says nothing under "## ${section.trim()}".`),
  ]
}
