// A driver for core's defineHashIndex: a loop over codes as texts. It lets the suite prove what core adds, saving and opening among it.

import { bitsOf } from '@cbir/core'
import { type HashIndexDriver, inSlices } from '@cbir/core/define'

const textOf = (...at: Parameters<typeof bitsOf>): string =>
  bitsOf(...at)
    .map(Number)
    .join('')
const differing = (a: string, b: string): number => Array.from(a).filter((bit, j) => bit !== b[j]).length

export const loopHashDriver: HashIndexDriver<Map<number, string>> = {
  exact: true,
  open: () => new Map(),
  put(state, rows, codes) {
    return inSlices(rows.length, 64, (from, to) => {
      for (let i = from; i < to; i++) state.set(rows[i]!, textOf(codes, i))
    })
  },
  free(state, rows) {
    for (const row of rows) state.delete(row)
  },
  async search(state, queries, k) {
    const found: { row: number; distance: number }[] = []
    for (let i = 0; i < queries.count; i++) {
      const query = textOf(queries, i)
      const held = [...state]
      const all: typeof found = []
      const look = (from: number, to: number): void => {
        for (const [row, code] of held.slice(from, to)) all.push({ row, distance: differing(code, query) / queries.bits })
      }
      await inSlices(held.length, 64, look)
      found.push(...all.sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k))
    }
    return {
      rows: Uint32Array.from(found, ({ row }) => row),
      distances: Float32Array.from(found, ({ distance }) => distance),
      offsets: Uint32Array.from({ length: queries.count + 1 }, (_, i) => i * k),
    }
  },
}
