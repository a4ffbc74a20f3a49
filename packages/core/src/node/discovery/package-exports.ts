// Which file a package gives for a subpath: Node's algorithm for "exports" and "imports" in package.json.
// https://nodejs.org/api/esm.html#resolution-algorithm-specification

/** The conditions under which plugins are imported. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

type Target = string | null | undefined

/** Segments that would lead out of the package, in every spelling that a URL has for them. */
const FORBIDDEN_SEGMENT = /(^|[\\/])(\.|%2e|\.\.|%2e\.|\.%2e|%2e%2e|node_modules)([\\/]|$)/i

/** Thrown for what package.json must not hold; `matchExports` tells it apart from "not exported". */
export class InvalidExports extends Error {}

/**
 * The target (`./…`, relative to the package) of a subpath (`.` or `./…`).
 * Undefined or null: the package does not export it.
 * @throws InvalidExports
 */
export function matchExports(exports: unknown, subpath: string): Target {
  return matchMap(isConditions(exports) ? { '.': exports } : (exports as Readonly<Record<string, unknown>>), subpath, false)
}

/** The target of an import of the package itself (`#…`): a path in the package, or the specifier of another package. */
export function matchImports(imports: unknown, specifier: string): Target {
  return typeof imports === 'object' && imports !== null ? matchMap(imports as Readonly<Record<string, unknown>>, specifier, true) : undefined
}

/** Whether "exports" is one target for `.` (a string, an array, conditions) and not a map of subpaths. */
function isConditions(exports: unknown): boolean {
  if (typeof exports !== 'object' || exports === null || Array.isArray(exports)) return true
  const keys = Object.keys(exports)
  const subpaths = keys.filter((key) => key.startsWith('.')).length
  if (subpaths > 0 && subpaths < keys.length) throw new InvalidExports('"exports" mixes subpaths, which begin with ".", and conditions')
  return subpaths === 0
}

function matchMap(map: Readonly<Record<string, unknown>>, key: string, internal: boolean): Target {
  if (Object.hasOwn(map, key) && !key.includes('*') && !key.endsWith('/')) return resolveTarget(map[key], undefined, internal)
  const patterns = Object.keys(map)
    .filter((pattern) => pattern.split('*').length === 2)
    .sort(bySpecificity)
  for (const pattern of patterns) {
    const [prefix, suffix] = pattern.split('*') as [string, string]
    if (!key.startsWith(prefix) || key === prefix || !key.endsWith(suffix) || key.length < pattern.length) continue
    return resolveTarget(map[pattern], key.slice(prefix.length, key.length - suffix.length), internal)
  }
  return undefined
}

/** Longer text before the `*` first, then the longer pattern. */
function bySpecificity(a: string, b: string): number {
  return b.indexOf('*') - a.indexOf('*') || b.length - a.length
}

function resolveTarget(target: unknown, match: string | undefined, internal: boolean): Target {
  if (target === null) return null
  if (typeof target === 'string') return resolveText(target, match, internal)
  if (Array.isArray(target)) return resolveFirst(target, match, internal)
  if (typeof target !== 'object') throw new InvalidExports(`the target ${JSON.stringify(target)} is neither a path nor conditions`)
  for (const [condition, inner] of Object.entries(target)) {
    if (/^(0|[1-9]\d*)$/.test(condition)) throw new InvalidExports('conditions must not be numbers')
    if (!CONDITIONS.has(condition)) continue
    const resolved = resolveTarget(inner, match, internal)
    // Undefined: no condition inside fits, and the next one has its chance. Null forbids.
    if (resolved !== undefined) return resolved
  }
  return undefined
}

/** The first entry that is valid; entries that are not are passed over, unless none is left. */
function resolveFirst(targets: readonly unknown[], match: string | undefined, internal: boolean): Target {
  let last: Target = targets.length === 0 ? null : undefined
  let failure: InvalidExports | undefined
  for (const target of targets) {
    try {
      last = resolveTarget(target, match, internal)
      failure = undefined
    } catch (error) {
      if (!(error instanceof InvalidExports)) throw error
      failure = error
      continue
    }
    if (last !== undefined && last !== null) return last
  }
  if (failure) throw failure
  return last
}

function resolveText(target: string, match: string | undefined, internal: boolean): string {
  const filled = match === undefined ? target : target.replaceAll('*', () => match)
  if (!target.startsWith('./')) {
    if (internal && !target.startsWith('../') && !target.startsWith('/') && !URL.canParse(target)) return filled
    throw new InvalidExports(`the target ${JSON.stringify(target)} must begin with "./"`)
  }
  if (FORBIDDEN_SEGMENT.test(target.slice(2))) throw new InvalidExports(`the target ${JSON.stringify(target)} leads out of the package`)
  if (match !== undefined && FORBIDDEN_SEGMENT.test(match)) throw new InvalidExports(`${JSON.stringify(match)} would lead out of the package`)
  return filled
}
