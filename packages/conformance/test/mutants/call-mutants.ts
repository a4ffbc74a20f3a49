// Ways to be wrong that every component with calls can have.

import { CbirError, type ErrorCode, isSource, type Source } from '@cbir/core'
import { Lifetime } from '@cbir/core/define'
import { variant } from './run-mutants.ts'

export const codeOf = (error: unknown): string => (CbirError.isInstance(error) ? error.code : '')

/** Options without their signal. */
export const unsignalled = <O extends { signal?: unknown }>({ signal: _, ...options }: O = {} as O): Omit<O, 'signal'> => options

/** Gives `value` where the call fails with `code`. */
export async function forgiving<T>(call: Promise<T>, code: ErrorCode, value: T): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (codeOf(error) === code) return value
    throw error
  }
}

/** The error of an abort without its reason. */
export async function withoutReason<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw CbirError.isInstance(error, 'ABORTED') ? new CbirError('ABORTED', 'aborted', { details: error.details }) : error
  }
}

/** The error without one of its details. */
export async function withoutDetail<T>(call: Promise<T>, detail: string): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!CbirError.isInstance(error)) throw error
    const { [detail]: _, ...details } = error.details
    throw new CbirError(error.code, error.message, { cause: error.cause, details })
  }
}

const NO_CALLS = ['toConfig', 'dispose', 'keys', 'entries', 'elements', 'uuids']

/** `base` with overrides that do their work after the call; its `dispose` waits for them and refuses all others meanwhile. */
export function outliving<T extends { dispose(): Promise<void> }>(base: T, overrides: (lifetime: Lifetime) => Partial<T>): T {
  const lifetime = new Lifetime('mutant')
  const methods: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(base))) {
    const method: unknown = member.value
    if (typeof method === 'function' && !NO_CALLS.includes(name)) methods[name] = (...call: unknown[]) => lifetime.run(() => method(...call))
  }
  return variant<T>(base, { ...methods, ...overrides(lifetime), dispose: () => lifetime.dispose(() => base.dispose()) } as Partial<T>)
}

/** A source whose values are first collected and then given, as one would that thinks they are its own. */
export function readAtTheEnd<T>(source: Source<T>): Source<T> {
  if (!isSource(source) || Array.isArray(source) || !(Symbol.iterator in source)) return source
  return (function* () {
    const kept: T[] = []
    let end = (): void => {}
    try {
      for (const value of source) kept.push(value)
    } catch (error) {
      end = () => {
        throw error
      }
    }
    yield* kept
    end()
  })()
}

/** Keeps the event loop busy for so much processor time. */
export function block(milliseconds: number): void {
  const { user } = process.cpuUsage()
  while (process.cpuUsage().user - user < milliseconds * 1000);
}
