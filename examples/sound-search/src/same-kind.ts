// How good a search is where the names of the recordings say what they are: `bell-3.wav` is a bell.

import type { CallOptions } from '@cbir/core'
import type { SoundSearch } from './sound-search.ts'

/** Of how many recordings the most alike one is of the same kind. */
export async function sameKindFirst(search: SoundSearch, kindOf: (id: string) => string, options: CallOptions = {}): Promise<number> {
  let same = 0
  for (const id of search.ids) {
    const { found } = await search.find(id, 1, options)
    if (found[0] && kindOf(found[0].id) === kindOf(id)) same++
  }
  return same
}
