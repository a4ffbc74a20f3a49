// SMQTK's golden data: how many of its numbers are met. The tests of @cbir/lsh say what that is; each is asked of every implementation, and the one
// that meets fewest counts.

import type { Row } from '../row.ts'
import { runTests } from '../vitest.ts'

interface Tally {
  readonly id: string
  readonly right: number
  readonly total: number
  readonly what: string
}

export async function measure(): Promise<Row[]> {
  const folders = ['functor', 'hash-index', 'lsh-index']
  const { passed, failed, tests } = await runTests(folders.map((folder) => `packages/lsh/test/${folder}/golden.test.ts`))
  const worst = new Map<string, Tally & { readonly asked: number }>()
  for (const one of tests.flatMap(({ meta }) => (meta?.['golden'] as readonly Tally[] | undefined) ?? [])) {
    const known = worst.get(one.id)
    const less = known && known.right / known.total < one.right / one.total ? known : one
    worst.set(one.id, { ...less, asked: (known?.asked ?? 0) + 1 })
  }
  const how = 'tests of ITQ from the given mean, basis and first rotation, of random projection, of hash indexes, of the LSH index and of distances'
  return [
    { id: 'lsh.golden.tests', value: `${passed} passed, ${failed} failed`, unit: '', target: 'all pass', ok: failed === 0 && passed > 0, how },
    ...[...worst.values()].map(({ id, right, total, what, asked }) => ({
      id: `lsh.golden.${id}`,
      value: right,
      unit: `of ${total}`,
      target: `${total}`,
      ok: right === total && total > 0,
      how: `${what}; in ${asked} implementation(s)`,
    })),
  ]
}
