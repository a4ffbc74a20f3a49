// The one error class of the project: a stable code for programs, a message for people, the cause for both.

import type { ErrorCode } from './error-codes.ts'

const BRAND = Symbol.for('@cbir/core/error')

/** What a `CbirError` may carry beside its message, for programs that act on it. */
export interface CbirErrorOptions {
  readonly cause?: unknown
  /** Plain data that names what the message speaks of, e.g. `{ uids: ['a'] }` or `{ batchesApplied: 3 }`. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * Every error that this project throws on purpose. `code` is stable and documented in `docs/errors.md`;
 * the message says what was wrong, what was expected, and what to do.
 *
 * Recognise one with {@link CbirError.isInstance}, which also works across two installed copies of core;
 * `instanceof` does not.
 */
export class CbirError extends Error {
  override readonly name = 'CbirError'
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: CbirErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.details = options.details ?? {}
    Object.defineProperty(this, BRAND, { value: true })
  }

  /** True for a `CbirError` of any installed copy of core; with `code`, only for that code. */
  static isInstance(error: unknown, code?: ErrorCode): error is CbirError {
    if (typeof error !== 'object' || error === null || !(BRAND in error)) return false
    return code === undefined || (error as unknown as CbirError).code === code
  }
}
