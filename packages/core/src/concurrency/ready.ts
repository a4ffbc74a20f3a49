// What is ready needs no turn: values that may be there already, and promises only where something must be waited for.
//
// An `await` costs a tenth of a microsecond and a promise or two more. A short query passes a dozen places where it might have to wait and
// hardly ever does; written with these, it waits at none of them.

/** A value, or the promise of one. */
export type Ready<T> = T | Promise<T>

/** `next(value)`: at once where the value is there, else when its promise has settled. */
export function whenReady<T, U>(value: Ready<T>, next: (value: T) => Ready<U>): Ready<U> {
  return isPromise(value) ? later(value, next) : next(value)
}

/** Runs `work`, and `end` when it has ended, well or badly. */
export function endingWith<T>(work: () => Ready<T>, end: () => void): Ready<T> {
  let value: Ready<T>
  try {
    value = work()
  } catch (error) {
    end()
    throw error
  }
  if (isPromise(value)) return settle(value, end)
  end()
  return value
}

/** The promise of what `work` gives; what it throws becomes a rejection. */
export function promised<T>(work: () => Ready<T>): Promise<T> {
  try {
    return Promise.resolve(work())
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Whether a value must be awaited: any thenable, as `await` sees it. */
export function isPromise<T>(value: Ready<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

async function later<T, U>(value: Promise<T>, next: (value: T) => Ready<U>): Promise<U> {
  return next(await value)
}

async function settle<T>(value: Promise<T>, end: () => void): Promise<T> {
  try {
    return await value
  } finally {
    end()
  }
}
