// The README lists every group with the rule that it proves: the table is made from the suites themselves.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as kit from '@cbir/conformance'
import { expect, test } from 'vitest'

const README = join(import.meta.dirname, '../README.md')
const [BEGIN, END] = ['<!-- groups -->', '<!-- /groups -->']

interface Named {
  readonly name: string
  readonly rule: string
}

function tables(): string {
  const suites = Object.entries(kit as Record<string, unknown>).filter(([name]) => name.endsWith('Groups')) as [string, readonly Named[]][]
  const sections = suites.sort().map(([name, groups]) => {
    const rows = groups.map(({ name, rule }) => `| ${name} | ${rule.replaceAll('|', '\\|')} |`)
    return [`### ${name.replace(/Groups$/, 'Suite')}`, '', '| group | proves |', '|---|---|', ...rows].join('\n')
  })
  return `${BEGIN}\n${sections.join('\n\n')}\n${END}`
}

test('the README has every group of every suite', async () => {
  const text = await readFile(README, 'utf8')
  const wanted = text.slice(0, text.indexOf(BEGIN)) + tables() + text.slice(text.indexOf(END) + END.length)
  if (process.env['UPDATE_README']) await writeFile(README, wanted)
  else expect(text, 'the table is out of date: run this test once with UPDATE_README=1').toBe(wanted)
})
