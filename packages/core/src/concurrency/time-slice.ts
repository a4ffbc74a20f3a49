// Time slices: long work in TypeScript gives the event loop back every few milliseconds, however many pieces of work there are.

/**
 * Longest stretch of work before the event loop gets a turn, in milliseconds, all pieces together. The design allows 10; a turn may hold two of
 * these, what began in it and what went on in it, and a step that runs over.
 */
export const SLICE_MS = 3

interface Host {
  setImmediate?: (callback: () => void) => unknown
}

const waiting: (() => void)[] = []
let scheduled = false
/** When work began in this turn of the event loop; undefined before any. */
let turnBegan: number | undefined

/** Runs a callback in the next turn, after timers and I/O had their chance. */
const later: (callback: () => void) => void = (() => {
  const host = globalThis as Host
  if (host.setImmediate) return (callback) => void host.setImmediate?.(callback)
  const channel = new MessageChannel()
  const jobs: (() => void)[] = []
  ;(channel.port1 as { onmessage?: unknown }).onmessage = () => jobs.shift()?.()
  return (callback) => {
    jobs.push(callback)
    channel.port2.postMessage(0)
  }
})()

function endTurn(): void {
  turnBegan = undefined
}

/** The time at which this turn's work began. Whoever asks first in a turn starts the clock for all. */
function turnStart(): number {
  if (turnBegan === undefined) {
    turnBegan = performance.now()
    later(endTurn)
  }
  return turnBegan
}

// One waiter a turn: with many long calls at once, each turn holds one slice and not one of every call.
function nextTurn(): void {
  endTurn()
  turnStart()
  waiting.shift()?.()
  if (waiting.length > 0) schedule()
  else scheduled = false
}

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
 * The clock of one long piece of work. Ask `due()` between small steps (a few hundred microseconds each) and, when it says yes,
 * `await pause()`. The clock is that of the turn: ten pieces of work that begin in the same turn, as the answers of ten threads may, share one
 * slice, and do not take one each.
 * @example const slice = new TimeSlice(); for (…) { step(); if (slice.due()) await slice.pause() }
 */
export class TimeSlice {
  constructor() {
    turnStart()
  }

  due(): boolean {
    return performance.now() - turnStart() >= SLICE_MS
  }

  pause(): Promise<void> {
    return yieldTurn()
  }
}
