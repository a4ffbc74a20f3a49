// The pattern of a pixel: bit p says whether point p of the circle around it is at least as bright.

/** A circle of points with which a pixel is compared. */
export interface LbpRing {
  /** In pixels, 1 … 16; need not be whole. */
  readonly radius: number
  /** 4, 8, 12, 16, 20 or 24: multiples of four, so that a quarter turn of the picture maps the circle to itself. */
  readonly points: number
}

/** A point between the four pixels (left, top) … (left + 1, top + 1), counted from the centre, with their bilinear weights. */
interface CirclePoint {
  readonly left: number
  readonly top: number
  /** Of the upper left, upper right, lower left and lower right pixel; they sum to exactly `ONE`. */
  readonly weights: readonly [number, number, number, number]
}

/**
 * Weights are whole numbers out of `ONE`. With rounded fractions a flat area would now and then come out a trifle darker than itself, and its
 * pattern be noise; with these the comparison is exact, also after brightness and contrast have changed.
 */
const ONE = 2 ** 16

/** The points of a ring, counter-clockwise from the right. Three quarters are made by turning the first, so that they agree to the last bit. */
export function circlePoints({ radius, points }: LbpRing): CirclePoint[] {
  const first = Array.from({ length: points / 4 }, (_, p) => {
    const angle = (2 * Math.PI * p) / points
    return between(radius * Math.cos(angle), -radius * Math.sin(angle))
  })
  const second = first.map(quarterTurn)
  const third = second.map(quarterTurn)
  return [...first, ...second, ...third, ...third.map(quarterTurn)]
}

function between(x: number, y: number): CirclePoint {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = x - left
  const fy = y - top
  const right = Math.round(fx * (1 - fy) * ONE)
  const below = Math.round((1 - fx) * fy * ONE)
  const both = Math.round(fx * fy * ONE)
  return { left, top, weights: [ONE - right - below - both, right, below, both] }
}

/** Counter-clockwise: (x, y) goes to (y, -x), as y points down. */
function quarterTurn({ left, top, weights: [upperLeft, upperRight, lowerLeft, lowerRight] }: CirclePoint): CirclePoint {
  return { left: top, top: -(left + 1), weights: [upperRight, lowerRight, upperLeft, lowerLeft] }
}

/** How many pixels beyond the picture the points of a ring reach. */
export function marginOf({ radius }: LbpRing): number {
  return Math.ceil(radius) + 1
}

/**
 * Writes the patterns of `count` pixels, the first of which is byte `centre` of a grey plane whose rows are `stride` bytes apart and which has the
 * margin that the circle needs.
 */
export function writeCodes(grey: Uint8Array, stride: number, centre: number, count: number, circle: readonly CirclePoint[], codes: Int32Array): void {
  codes.fill(0, 0, count)
  for (let p = 0; p < circle.length; p++) {
    const { left, top, weights } = circle[p]!
    const offset = top * stride + left
    const only = weights.indexOf(ONE)
    if (only < 0) comparePoints(grey, stride, centre, offset, weights, count, 1 << p, codes)
    else comparePixels(grey, centre, offset + (only >> 1) * stride + (only & 1), count, 1 << p, codes)
  }
}

// `~(difference >> 31)` is all ones where the difference is not negative: on a rough texture a branch here would be guessed wrong half the time.

function comparePixels(grey: Uint8Array, centre: number, offset: number, count: number, bit: number, codes: Int32Array): void {
  for (let i = 0, at = centre; i < count; i++, at++) codes[i]! |= bit & ~((grey[at + offset]! - grey[at]!) >> 31)
}

function comparePoints(
  grey: Uint8Array,
  stride: number,
  centre: number,
  offset: number,
  [w0, w1, w2, w3]: readonly [number, number, number, number],
  count: number,
  bit: number,
  codes: Int32Array,
): void {
  const below = offset + stride
  let upperLeft = grey[centre + offset]!
  let lowerLeft = grey[centre + below]!
  for (let i = 0, at = centre; i < count; i++, at++) {
    const upperRight = grey[at + offset + 1]!
    const lowerRight = grey[at + below + 1]!
    const point = Math.imul(w0, upperLeft) + Math.imul(w1, upperRight) + Math.imul(w2, lowerLeft) + Math.imul(w3, lowerRight)
    codes[i]! |= bit & ~((point - (grey[at]! << 16)) >> 31)
    upperLeft = upperRight
    lowerLeft = lowerRight
  }
}
