// Sources that wait: for tests of what happens while a call reads its source.

/** A source that gives `first`, then waits until it is released, then gives `rest`. `reached`: it was asked for what comes after `first`. */
export interface HeldBack<T> {
  readonly source: AsyncIterable<T>
  readonly reached: Promise<void>
  release(): void
}

export function heldBack<T>(first: T, rest: readonly T[] = []): HeldBack<T> {
  let release = (): void => {}
  let arrive = (): void => {}
  const gate = new Promise<void>((resolve) => (release = resolve))
  const reached = new Promise<void>((resolve) => (arrive = resolve))
  const source = (async function* () {
    yield first
    arrive()
    await gate
    yield* rest
  })()
  return { source, reached, release: () => release() }
}

/** Lets the event loop come round so often. */
export async function waitTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0))
}

/** The same promise, whose rejection may be looked at late or, where the case has failed before, never. */
export function watched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
