// SMQTK's linear hash index and ball tree over the codes of its golden data.

import { ballTreeHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'
import { describe, expect, test } from 'vitest'
import { hasTestData } from '../../../../tooling/test-data.ts'
import { readGolden } from '../support/golden.ts'
import { batchOf } from './support/oracle.ts'

interface Golden {
  readonly itq_16: { readonly codes: string[] }
  readonly linear_hash_index_16b: {
    readonly unique: number
    readonly queries: {
      readonly code: string
      readonly n10: { readonly codes: string[]; readonly dists: number[] }
      readonly balltree_n10_dists: number[]
      readonly n500_returned: number
    }[]
  }
}

const read = (hits: readonly { readonly bits: boolean[] }[]): string[] => hits.map(({ bits }) => bits.map(Number).join(''))

describe.skipIf(!hasTestData)('golden', () => {
  const golden = readGolden<Golden>()

  test.each([linearHashIndex, multiIndexHashing, ballTreeHashIndex])('$name finds the codes that SMQTK finds', async (plugin) => {
    const { unique, queries } = golden.linear_hash_index_16b
    const index = await plugin()
    expect(await index.build([batchOf(golden.itq_16.codes, 16)])).toBe(unique)
    for (const { code, n10, balltree_n10_dists, n500_returned } of queries) {
      const found = await index.nearest(batchOf([code], 16), 10)
      expect([...found.distances]).toEqual(n10.dists)
      expect([...found.distances]).toEqual(balltree_n10_dists)
      // Which of those at the last distance are given is SMQTK's chance.
      const last = n10.dists.at(-1)!
      const surely = n10.codes.filter((_, i) => n10.dists[i]! < last)
      expect(read(found.hits(0)).slice(0, surely.length).sort()).toEqual([...surely].sort())
      expect((await index.nearest(batchOf([code], 16), 500)).rows).toHaveLength(n500_returned)
    }
    await index.dispose()
  })
})
