// The delay of the event loop during some work.

import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Milliseconds. */
export interface Delays {
  readonly p99: number
  readonly max: number
}

/** Delays at a resolution of 1 ms, which an idle loop has too. */
export async function delaysDuring(work: () => Promise<unknown>): Promise<Delays> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  await work()
  histogram.disable()
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 }
}
