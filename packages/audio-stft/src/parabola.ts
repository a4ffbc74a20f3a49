// The top of the parabola through three neighbours: where a peak or a trough lies between two of them.

/** The place of the extreme, counted from the middle one, within −1 … 1; 0 where the three do not enclose one. librosa's `_parabolic_interpolation`. */
export function parabolicShift(before: number, middle: number, after: number): number {
  const a = after + before - 2 * middle
  const b = (after - before) / 2
  return Math.abs(b) >= Math.abs(a) ? 0 : -b / a
}
