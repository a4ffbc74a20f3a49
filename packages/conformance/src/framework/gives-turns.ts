// The check that a call does not keep the event loop.

import { ok } from './check.ts'
import { LONGEST_SLICE, longestSlice } from './turns.ts'

/** Runs `work`; fails where it took too much processor time between two turns. */
export async function givesTurns(what: string, work: () => Promise<unknown>): Promise<void> {
  const longest = await longestSlice(work)
  ok(longest <= LONGEST_SLICE, `${what} gives a turn at least every ${LONGEST_SLICE} ms of processor time; it took ${Math.round(longest)} ms at once`)
}
