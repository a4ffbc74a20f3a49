// The check that a call does not keep the event loop.

import { ok } from './check.ts'
import { keepsEventLoop, LONGEST_SLICE, measureSlices } from './turns.ts'

/** Runs `work`; fails where it took too much processor time between two turns. */
export async function givesTurns(what: string, work: () => Promise<unknown>): Promise<void> {
  const slices = await measureSlices(work)
  const { longest, total } = slices
  const took = `it took ${Math.round(longest)} of its ${Math.round(total)} ms at once`
  ok(!keepsEventLoop(slices), `${what} gives a turn at least every ${LONGEST_SLICE} ms of processor time; ${took}`)
}
