// Steps: work over a picture that can pause.

/** Work that can pause at each `yield`; between two of them lies at most about a millisecond. */
export type Steps<Result = void> = Generator<void, Result, void>

/** Longest run of pixels that is treated between two `yield`s. */
export const SPAN = 4096
