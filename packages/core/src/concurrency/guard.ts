// Guard: what every call of a store or an index passes through: disposal, abort, the lock, and foreign errors made typed.

import type { ErrorCode } from '../errors/error-codes.ts'
import { callForeign, callForeignNow } from '../errors/wrap-error.ts'
import { Lifetime } from './lifetime.ts'
import { ReadWriteLock } from './read-write-lock.ts'
import type { Ready } from './ready.ts'

type Work<T> = () => Ready<T>

/** Runs the calls of one component: reads together, writes alone, none after disposal. */
export interface Guard {
  /** @throws CbirError DISPOSED, ABORTED; what `work` throws that is not a `CbirError` becomes the guard's code */
  read<T>(work: Work<T>, signal?: AbortSignal): Promise<T>
  write<T>(work: Work<T>, signal?: AbortSignal): Promise<T>
  /** A call that takes the lock itself, in parts (a build that prepares beside its readers). Counted by `dispose`; takes no lock. */
  hold<T>(work: Work<T>, signal?: AbortSignal): Promise<T>
  /** As {@link Guard.read}, inside of `hold`; where nothing has to be waited for, the value itself is given, and what `work` throws is thrown. */
  share<T>(work: Work<T>, signal?: AbortSignal): Ready<T>
  /** As {@link Guard.write}, inside of `hold`. */
  exclude<T>(work: Work<T>, signal?: AbortSignal): Promise<T>
  /** Runs an adapter's code without the lock; foreign errors are made typed. */
  foreign<T>(work: Work<T>, signal?: AbortSignal): Promise<T>
  dispose(close: () => Promise<void> | void): Promise<void>
}

/** A guard for the component `name`; `code` is what foreign errors become. */
export function guardCalls(name: string, code: ErrorCode): Guard {
  const lifetime = new Lifetime(name)
  const lock = new ReadWriteLock()
  const guard: Guard = {
    share: (work, signal) => lock.readNow(() => callForeignNow(work, code, () => `${name} failed`, signal), signal),
    exclude: (work, signal) => lock.write(() => guard.foreign(work, signal), signal),
    foreign: (work, signal) => callForeign(work, code, () => `${name} failed`, signal),
    hold: (work, signal) => lifetime.run(work, signal),
    read: (work, signal) => lifetime.run(() => guard.share(work, signal), signal),
    write: (work, signal) => lifetime.run(() => guard.exclude(work, signal), signal),
    dispose: (close) => lifetime.dispose(close),
  }
  return guard
}
