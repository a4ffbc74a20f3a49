// Resampler: what turns one channel of one rate, piece after piece, into another rate.

/** One channel. The output has ⌈inputs · to / from⌉ samples in all. */
export interface Resampler {
  /** Input samples that are taken in about a millisecond. */
  readonly piece: number
  /** Takes input; gives what can be computed so far. A call takes time in proportion to its input, so give pieces. */
  push(samples: Float32Array): Float32Array
  /** The rest. No call may follow. */
  finish(signal?: AbortSignal): Promise<Float32Array>
}
