// JSON data: what a configuration may hold, and where a value leaves it.

/** Data nested deeper than this is refused: nobody writes it, and a walk over it could exhaust the stack. */
const DEEPEST = 200

/** The first place that JSON cannot hold, and why. */
export interface NotJson {
  /** Dotted path from the value that was looked at; '' for the value itself. */
  readonly path: string
  readonly reason: string
}

/** `key` below `path`: `a.b`, `a[0]`, `a["x y"]`. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${path}[${key}]`
  const name = String(key)
  if (!/^[\w$-]+$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Where `value` holds what would not come back from JSON as it was: a function, a class instance, NaN, a cycle, a hole in an array.
 * Undefined when it is all data. A property that is undefined counts as absent.
 */
export function findNotJson(value: unknown): NotJson | undefined {
  return search(value, '', [])
}

function search(value: unknown, path: string, holders: readonly object[]): NotJson | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, reason: `${value} is not a number that JSON has` }
  if (typeof value !== 'object') return { path, reason: `${typeof value} is not data` }
  if (holders.includes(value)) return { path, reason: 'the value contains itself' }
  if (holders.length >= DEEPEST) return { path, reason: `data is nested more than ${DEEPEST} deep` }
  const below = [...holders, value]
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = search(value[i], joinPath(path, i), below)
      if (found) return found
    }
    return undefined
  }
  // Plain objects only, those of another realm too: their prototype is the last of the chain.
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return { path, reason: 'an object of a class is not data' }
  for (const [key, inner] of Object.entries(value)) {
    const found = inner === undefined ? undefined : search(inner, joinPath(path, key), below)
    if (found) return found
  }
  return undefined
}

/** A copy of data as JSON gives it back: absent instead of undefined, 0 instead of -0, nothing shared with the original. */
export function toJson<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T
}
