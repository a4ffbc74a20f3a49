// The driver of a hash index over native code.

import type { BitBatch, CallOptions } from '@cbir/core'
import { type HashIndexDriver, inSlices, type RowNeighbours } from '@cbir/core/define'
import { nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import type { HashIndexAddon, HashIndexHandle, HashIndexSettings } from './hash-index-addon.ts'

/** Bytes of codes that are copied on the calling thread rather than on another: some 50 µs. */
const SHORT_COPY = 1 << 17
/** Rows that are freed between two looks at the clock: less than a tenth of a millisecond. */
const FREED_AT_ONCE = 1 << 14
/** Milliseconds that 64 bits of a row take, as a first guess. */
const PER_WORD_MS = 3e-7
/** What going on to the next row takes, in words. */
const PER_ROW = 0.5
/** Longest scan, in milliseconds, on the calling thread where a search through a structure gives up. */
const LONGEST_SCAN_MS = 2

/** Codes in native memory. */
export interface NativeCodes {
  readonly handle: HashIndexHandle
  readonly words: number
  /** Rows ever used. */
  size: number
  /** Whether the first codes are all there, so that a structure beside them is kept up. */
  complete: boolean
}

/** A driver that answers exactly, by the kernels of `addon`. */
export function nativeHashIndexDriver(addon: HashIndexAddon, settings: HashIndexSettings): HashIndexDriver<NativeCodes> {
  const later = ({ handle }: NativeCodes, { data }: BitBatch, k: number, options: CallOptions): Promise<RowNeighbours> =>
    nativeTask(addon, options, (control) => addon.searchCodes(handle, data, k, false, control) as Promise<RowNeighbours>)
  const short = new ShortQueries<NativeCodes, BitBatch>(
    {
      now: ({ handle }, { data, count }, k) => shortAnswer(addon, addon.searchCodes(handle, data, k, true) as RowNeighbours | number, count),
      later,
    },
    PER_WORD_MS,
  )
  return {
    exact: true,
    putsAfterFinish: true,
    open: (bits) => ({
      handle: addon.createHashIndex({ ...settings, bits }),
      words: Math.ceil(bits / 64),
      size: 0,
      complete: false,
    }),
    put(state, rows, { data }, { signal }) {
      const done = (): Promise<void> | void => {
        for (const row of rows) if (row >= state.size) state.size = row + 1
        return state.complete ? keepUp(addon, state) : undefined
      }
      if (data.length <= SHORT_COPY) {
        addon.putCodes(state.handle, rows, data, true)
        return done()
      }
      return nativeTask(addon, { signal }, (control) => addon.putCodes(state.handle, rows, data, false, control)).then(done)
    },
    async finish(state, { signal }) {
      const { handle } = state
      if (addon.wantsStructure(handle)) await nativeTask(addon, { signal }, (control) => addon.makeStructure(handle, control))
      addon.accountCodes(handle)
      state.complete = true
    },
    free: ({ handle }, rows) => inSlices(rows.length, FREED_AT_ONCE, (from, to) => addon.freeCodes(handle, rows.subarray(from, to))),
    search(state, queries, k, options) {
      const units = queries.count * state.size * (state.words + PER_ROW)
      // A structure is fast but for the query that it gives up, of which nobody knows before.
      if (settings.kind !== 'linear' && units * PER_WORD_MS > LONGEST_SCAN_MS) return later(state, queries, k, options)
      return short.search(state, queries, k, { ...options, allow: undefined, tuning: {}, attempt: 0 }, units)
    },
    close: ({ handle }) => addon.close(handle),
  }
}

/**
 * Makes the structure anew where enough has changed. The codes are there already and every answer is right without it, so it takes no signal; where there
 * is not enough memory for it, the old one stays.
 */
async function keepUp(addon: HashIndexAddon, { handle }: NativeCodes): Promise<void> {
  if (!addon.wantsStructure(handle)) return
  await addon.makeStructure(handle).catch(() => undefined)
  addon.accountCodes(handle)
}
