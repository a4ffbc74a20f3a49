// The reference element index: a list of elements that is sorted for every query.

import type { DescriptorElement, ElementIndex } from '@cbir/core'
import { raise } from '../framework/reference-tools.ts'
import { exactDistance } from '../nearest-neighbors-index/exact-distance.ts'

/** An index of elements by euclidean distance. */
export function referenceElementIndex(): ElementIndex {
  let held: ReadonlyMap<string, DescriptorElement> = new Map()

  async function taken(source: Iterable<DescriptorElement> | AsyncIterable<DescriptorElement>): Promise<[string, DescriptorElement][]> {
    const rows: [string, DescriptorElement][] = []
    for await (const element of source) {
      await element.vector() // throws NO_VECTOR before anything is changed
      rows.push([element.uid, element])
    }
    return rows
  }

  return {
    get count() {
      return held.size
    },
    async buildIndex(source) {
      const rows = await taken(source)
      if (rows.length === 0) raise('EMPTY_BUILD', 'there is nothing to build from')
      held = new Map(rows)
      return held.size
    },
    async updateIndex(source) {
      held = new Map([...held, ...(await taken(source))])
      return held.size
    },
    async removeFromIndex(uids) {
      const names = [...uids]
      const missing = names.filter((uid) => !held.has(uid))
      if (missing.length > 0) raise('UNKNOWN_UID', `not in the index: ${missing.join(', ')}`, { uids: missing })
      held = new Map([...held].filter(([uid]) => !names.includes(uid)))
      return held.size
    },
    async nn(element, n = 1) {
      const query = await element.vector()
      if (held.size === 0) raise('EMPTY_INDEX', 'the index has no elements')
      const rows = await Promise.all(
        [...held.values()].map(async (row) => ({ row, distance: exactDistance('euclidean', query, await row.vector()) })),
      )
      const nearest = rows.sort((a, b) => a.distance - b.distance).slice(0, n)
      return { elements: nearest.map(({ row }) => row), distances: Float32Array.from(nearest, ({ distance }) => distance) }
    },
  }
}
