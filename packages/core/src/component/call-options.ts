// The options that every long call takes.

/** What has been done so far, in the unit that the call names (items, rows, bytes); `total` where it is known. */
export interface Progress {
  readonly done: number
  readonly total?: number
}

export interface CallOptions {
  /** Aborting rejects the call with `ABORTED`, whose `cause` is `signal.reason`, and leaves things as they were. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}
