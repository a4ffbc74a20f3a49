// Assertions: they throw an Error that says what was expected and what came. No assertion library is needed.

import { CbirError, type ErrorCode } from '@cbir/core'

/** What a failed check throws. The suite adds the rule that was broken, and the seed. */
export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure'
}

/** A value for a message: short, and readable for typed arrays, sets and errors. */
export function show(value: unknown): string {
  if (CbirError.isInstance(value)) return `${value.name} ${value.code} (${value.message})`
  if (value instanceof Error) return `${value.name} (${value.message})`
  if (typeof value === 'number' || typeof value === 'bigint' || value === undefined) return String(value)
  if (value instanceof Set || ArrayBuffer.isView(value)) return show([...(value as unknown as Iterable<unknown>)])
  if (value instanceof Map) return show(Object.fromEntries(value))
  if (Array.isArray(value)) return `[${value.slice(0, 12).map(show).join(', ')}${value.length > 12 ? `, … ${value.length} in all` : ''}]`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 300 ? `${text.slice(0, 297)}…` : text
}

/** Fails with `message`. */
export function fail(message: string): never {
  throw new ConformanceFailure(message)
}

/** `what` must be so. */
export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) fail(`expected that ${what}`)
}

/** `got` and `expected` must be the same value. */
export function same(got: unknown, expected: unknown, what: string): void {
  if (!Object.is(got, expected)) fail(`${what}: expected ${show(expected)}, got ${show(got)}`)
}

/** `got` and `expected` must hold equal values in the same order: arrays, typed arrays, sets. */
export function sameList(got: Iterable<unknown>, expected: Iterable<unknown>, what: string): void {
  const a = [...got]
  const b = [...expected]
  const at = b.findIndex((value, i) => !Object.is(value, a[i]))
  if (a.length !== b.length) fail(`${what}: expected ${b.length} values ${show(b)}, got ${a.length} ${show(a)}`)
  if (at >= 0) fail(`${what}: expected ${show(b)}, got ${show(a)}; they differ at position ${at}`)
}

/** `got` and `expected` must be equal as data: objects with the same keys, whatever their order. */
export function sameData(got: unknown, expected: unknown, what: string): void {
  const path = difference(got, expected, '')
  if (path !== undefined) fail(`${what}: expected ${show(expected)}, got ${show(got)}; they differ at ${path === '' ? 'the root' : path}`)
}

function difference(a: unknown, b: unknown, path: string): string | undefined {
  if (Object.is(a, b)) return undefined
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return path
  if (ArrayBuffer.isView(a) !== ArrayBuffer.isView(b)) return path
  if (ArrayBuffer.isView(a)) return differenceOfViews(a as Uint8Array, b as Uint8Array, path)
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const inner = path === '' ? key : `${path}.${key}`
    if (!Object.hasOwn(a, key) || !Object.hasOwn(b, key)) return inner
    const found = difference((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], inner)
    if (found !== undefined) return found
  }
  return undefined
}

/** Number by number: the keys of a picture would be a text for each of its numbers. */
function differenceOfViews(a: Uint8Array, b: Uint8Array, path: string): string | undefined {
  const prefix = path === '' ? '' : `${path}.`
  if (a.length !== b.length) return `${prefix}length`
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return `${prefix}${i}`
  return undefined
}

/** `got` must lie within `tolerance` of `expected`. NaN lies nowhere. */
export function near(got: number, expected: number, tolerance: number, what: string): void {
  if (!(Math.abs(got - expected) <= tolerance)) fail(`${what}: expected ${expected} ± ${tolerance}, got ${got}`)
}

/**
 * The call must give a promise that rejects with a `CbirError` of one of `codes`; gives the error.
 * A call that throws instead of giving a promise fails too: `.catch` would not see it.
 */
export async function rejects(call: () => Promise<unknown>, codes: ErrorCode | readonly ErrorCode[], what: string): Promise<CbirError> {
  const wanted = typeof codes === 'string' ? [codes] : codes
  let promise: Promise<unknown>
  try {
    promise = call()
  } catch (error) {
    fail(`${what}: expected a promise that rejects with ${wanted.join(' or ')}, but the call itself threw ${show(error)}`)
  }
  return expectCode(promise, wanted, what)
}

/** As {@link rejects}, for calls that may answer at once: factories, iterators. */
export async function throws(call: () => unknown, codes: ErrorCode | readonly ErrorCode[], what: string): Promise<CbirError> {
  return expectCode((async () => call())(), typeof codes === 'string' ? [codes] : codes, what)
}

async function expectCode(promise: Promise<unknown>, wanted: readonly ErrorCode[], what: string): Promise<CbirError> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    if (CbirError.isInstance(error) && wanted.includes(error.code)) return error
    fail(`${what}: expected a CbirError ${wanted.join(' or ')}, got ${show(error)}`)
  }
  return fail(`${what}: expected a CbirError ${wanted.join(' or ')}, but the call succeeded with ${show(value)}`)
}

/** The error's message or details must name `uid`. */
export function names(error: CbirError, uid: string, what: string): void {
  const said = `${error.message} ${JSON.stringify(error.details)}`
  ok(said.includes(uid) || said.includes(JSON.stringify(uid).slice(1, -1)), `${what} names ${JSON.stringify(uid)}; it says ${show(error)}`)
}

/** The promise must settle while the test holds something back; `what` says what it should not wait for. Gives its value. */
export async function answersWithin<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConformanceFailure(`${what}: no answer after ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
