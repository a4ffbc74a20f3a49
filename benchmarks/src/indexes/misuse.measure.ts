// Misuse: every mistake that spoils the existing bindings, in a child process, and what becomes of it.

import { join } from 'node:path'
import { atMost, type Row } from '../row.ts'
import { misuseCases } from './misuse-cases.ts'
import { watchCases } from './watched-child.ts'

/** A case that says nothing for so long hangs. */
const PATIENCE = 60_000

export async function measure(): Promise<Row[]> {
  const cases = misuseCases()
  const deaths: string[] = []
  const wrong: string[] = []
  const outcomes = new Map<string, number>()
  for (let from = 0; from < cases.length; ) {
    const { next, death } = await watchCases(
      join(import.meta.dirname, 'misuse-child.js'),
      [String(from)],
      from,
      cases.length,
      PATIENCE,
      (number, outcome) => {
        const kind = outcome.split(':')[0]!
        outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
        if (kind === 'wrong') wrong.push(`${cases[number]!.id}: ${outcome}`)
      },
    )
    if (death) deaths.push(`${cases[next - 1]?.id}: ${death.what}`)
    from = next
  }
  const kinds = [...outcomes].map(([kind, count]) => `${kind} ${count}`).join(', ')
  const how = `${cases.length} mistakes, one after the other in a child process: ${kinds}`
  return [
    atMost('misuse.crashes', deaths.length, 0, `of ${cases.length}`, [how, ...deaths].join('; ')),
    atMost(
      'misuse.wrong',
      wrong.length,
      0,
      `of ${cases.length}`,
      ['neither a typed error of a code that is due nor the right answer', ...wrong].join('; '),
    ),
  ]
}
