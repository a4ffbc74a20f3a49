// What is kept of a vector for the scan: itself, or also a code that is scanned first.

/**
 * - `float32`: the vectors as they are.
 * - `float16`, `int8`: beside them a code of 2 or 1 bytes a number, with a bound of what it lost. The codes are scanned; the rows that the bound cannot rule out
 *   are compared exactly. Answers are the same.
 */
export type Storage = 'float32' | 'float16' | 'int8'

export const STORAGES: readonly Storage[] = ['float32', 'float16', 'int8']
