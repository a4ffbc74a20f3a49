// One row of pixels into a tensor. The innermost loops: each works on one type of array, because a loop that sees two of them is compiled to look
// at the type in every step. 32-bit floats are moved as words, which spares the processor their conversion to doubles and back.

/** How a row lies in the tensor. */
export interface RowShape {
  /** Pixels. */
  readonly count: number
  /** From a pixel to the next. */
  readonly step: number
  /** From a channel to the next. */
  readonly plane: number
  /** Which of a pixel's three bytes is the first channel: 0 for RGB, 2 for BGR. */
  readonly red: number
}

/** Luma of ITU-R BT.601 in 16-bit fixed point, as Pillow's mode `L`. */
export function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
}

export function writeColourRow(source: Uint8Array, from: number, data: Uint8Array, at: number, { count, step, plane, red }: RowShape): void {
  const blue = 2 - red
  for (let i = 0, p = from, o = at; i < count; i++, p += 3, o += step) {
    data[o] = source[p + red]!
    data[o + plane] = source[p + 1]!
    data[o + 2 * plane] = source[p + blue]!
  }
}

export function writeGreyRow(source: Uint8Array, from: number, data: Uint8Array, at: number, { count, step }: RowShape): void {
  for (let i = 0, p = from, o = at; i < count; i++, p += 3, o += step) data[o] = luma(source[p]!, source[p + 1]!, source[p + 2]!)
}

/** `table` holds 256 words for each channel: what its bytes become. */
export function writeColourWords(
  source: Uint8Array,
  from: number,
  words: Int32Array,
  at: number,
  { count, step, plane, red }: RowShape,
  table: Int32Array,
): void {
  const blue = 2 - red
  for (let i = 0, p = from, o = at; i < count; i++, p += 3, o += step) {
    words[o] = table[source[p + red]!]!
    words[o + plane] = table[256 + source[p + 1]!]!
    words[o + 2 * plane] = table[512 + source[p + blue]!]!
  }
}

export function writeGreyWords(source: Uint8Array, from: number, words: Int32Array, at: number, { count, step }: RowShape, table: Int32Array): void {
  for (let i = 0, p = from, o = at; i < count; i++, p += 3, o += step) words[o] = table[luma(source[p]!, source[p + 1]!, source[p + 2]!)]!
}
