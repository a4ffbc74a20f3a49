// The budget of a turn: how long short native calls may run on the calling thread before the event loop gets its turn.

/** Milliseconds a turn that all short calls of this thread may take together. */
const BUDGET_MS = 2

let spent = 0
let turnEnds = false
const waiting: (() => void)[] = []

/** Whether a call that is expected to take this long may run now. */
export function fitsInTurn(expected: number): boolean {
  return spent + expected <= BUDGET_MS
}

/** Counts time that a call took. */
export function spendInTurn(milliseconds: number): void {
  spent += milliseconds
  endTurnLater()
}

/** Calls `work` in the next turn, whose budget is whole. */
export function inNextTurn(work: () => void): void {
  waiting.push(work)
  endTurnLater()
}

function endTurnLater(): void {
  if (turnEnds) return
  turnEnds = true
  setImmediate(endTurn)
}

function endTurn(): void {
  turnEnds = false
  spent = 0
  for (const work of waiting.splice(0)) work()
}
