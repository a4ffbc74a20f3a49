// Short answers: a call that answers at once leaves a small answer in memory shared with the addon, as making arrays in native code costs ten times more.

import type { RowNeighbours } from '@cbir/core/define'
import type { NativeAddon } from './load-addon.ts'

interface Views {
  readonly rows: Uint32Array
  readonly distances: Float32Array
}

const views = new WeakMap<ArrayBuffer, Views>()

/** What `toShortAnswer` of the C++ side gave for `queries` queries, as arrays of its own. Must be called before the addon's next call. */
export function shortAnswer(addon: Pick<NativeAddon, 'scratch'>, answer: RowNeighbours | number, queries: number): RowNeighbours {
  if (typeof answer !== 'number') return answer
  let view = views.get(addon.scratch)
  if (!view) {
    view = { rows: new Uint32Array(addon.scratch), distances: new Float32Array(addon.scratch) }
    views.set(addon.scratch, view)
  }
  return {
    rows: view.rows.slice(0, answer),
    distances: view.distances.slice(answer, 2 * answer),
    offsets: view.rows.slice(2 * answer, 2 * answer + queries + 1),
  }
}
