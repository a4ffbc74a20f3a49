// Turns of the event loop: for how long, in processor time, a call kept it.

const host = globalThis as {
  setImmediate?: (callback: () => void) => unknown
  process?: { cpuUsage(): { user: number; system: number }; threadCpuUsage?: () => { user: number; system: number } }
}

/** The longest slice that is tolerated, in milliseconds of processor time. The design's limit is 10; the rest is for garbage collection and a busy machine. */
export const LONGEST_SLICE = 100

/** Processor time of this thread (of the process, where the thread's is not known), in milliseconds. */
function busyTime(): number {
  const usage = host.process?.threadCpuUsage?.() ?? host.process?.cpuUsage()
  return usage ? (usage.user + usage.system) / 1000 : performance.now()
}

/**
 * Runs `work` and gives the most processor time that passed between two turns of the event loop.
 * Not wall time: what other programs do on the machine must not fail a test.
 */
export async function longestSlice(work: () => Promise<unknown>): Promise<number> {
  const later = host.setImmediate ?? ((callback: () => void) => setTimeout(callback, 0))
  let longest = 0
  let last = busyTime()
  let running = true
  const look = (): void => {
    const now = busyTime()
    longest = Math.max(longest, now - last)
    last = now
  }
  const tick = (): void => {
    look()
    if (running) later(tick)
  }
  later(tick)
  try {
    await work()
  } finally {
    running = false
    look()
  }
  return longest
}
