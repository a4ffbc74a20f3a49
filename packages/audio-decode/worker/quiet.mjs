// Runs a decoder so that nothing of what it prints reaches the console.

const silence = () => {}
const silent = { debug: silence, error: silence, info: silence, log: silence, trace: silence, warn: silence }

/**
 * The decoders print from inside of calls that run to their end at once, so no other code can meet the console that stands there meanwhile.
 * In a thread of our own, whose console is silent anyway, this changes nothing.
 * @template T @param {() => T} work @returns {T}
 */
export function quietly(work) {
  const before = globalThis.console
  globalThis.console = /** @type {Console} */ (/** @type {unknown} */ (silent))
  try {
    return work()
  } finally {
    globalThis.console = before
  }
}
