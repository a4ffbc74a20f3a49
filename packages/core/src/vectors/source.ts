// Source: a pulled stream. Pulling is back-pressure, so a million items need constant memory.

/**
 * Values that are pulled one after another. What a source yields belongs to the reader until it asks for the next value:
 * a producer may then reuse its buffers. Leaving early runs the source's `finally`.
 */
export type Source<T> = Iterable<T> | AsyncIterable<T>

/** The iterator of a source of either kind. */
export function iteratorOf<T>(source: Source<T>): Iterator<T> | AsyncIterator<T> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]()
  return source[Symbol.iterator]()
}

/** True for a value that can be pulled. A string is not taken for a source of characters. */
export function isSource(value: unknown): value is Source<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
}
