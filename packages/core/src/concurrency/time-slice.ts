// Time slices: long work in TypeScript gives the event loop back every few milliseconds.

/** Longest stretch of work between two turns of the event loop, in milliseconds. The design allows 10. */
export const SLICE_MS = 4

interface Host {
  setImmediate?: (callback: () => void) => unknown
}

const waiting: (() => void)[] = []
let scheduled = false

// One waiter a turn: with many long calls at once, each turn holds one slice and not one of every call.
function nextTurn(): void {
  waiting.shift()?.()
  if (waiting.length > 0) schedule()
  else scheduled = false
}

const later: (callback: () => void) => void = (() => {
  const host = globalThis as Host
  if (host.setImmediate) return (callback) => void host.setImmediate?.(callback)
  const channel = new MessageChannel()
  let job: (() => void) | undefined
  ;(channel.port1 as { onmessage?: unknown }).onmessage = () => job?.()
  return (callback) => {
    job = callback
    channel.port2.postMessage(0)
  }
})()

function schedule(): void {
  scheduled = true
  later(nextTurn)
}

/** Resolves on a later turn of the event loop, after timers and I/O had their chance. */
export function yieldTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (!scheduled) schedule()
  })
}

/**
 * A clock for one long piece of work. Ask `due()` between small steps (a few hundred microseconds each) and, when it says yes,
 * `await pause()`.
 * @example const slice = new TimeSlice(); for (…) { step(); if (slice.due()) await slice.pause() }
 */
export class TimeSlice {
  private began = performance.now()

  due(): boolean {
    return performance.now() - this.began >= SLICE_MS
  }

  async pause(): Promise<void> {
    await yieldTurn()
    this.began = performance.now()
  }
}
