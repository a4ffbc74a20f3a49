// The last few results of a function of options, so that a bank of filters is made once and not for each of a thousand recordings.

/** `make`, whose last `count` results are kept. The options must be plain data; what is given out is shared and must not be changed. */
export function remembered<Options extends object, T>(count: number, make: (options: Options) => T): (options: Options) => T {
  const kept = new Map<string, T>()
  return (options) => {
    // JSON has no numbers beside the finite ones, and the functions refuse those; as text they would all be null.
    const key = JSON.stringify(options, (_, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value))
    const result = kept.get(key) ?? make(options)
    kept.delete(key)
    kept.set(key, result)
    if (kept.size > count) kept.delete(kept.keys().next().value as string)
    return result
  }
}
