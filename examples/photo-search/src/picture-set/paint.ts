// Paint: a picture as a function from place to colour, and how it becomes pixels.

import type { Random } from './random.ts'

/** Red, green and blue, 0 … 255. */
export type Colour = readonly [number, number, number]

/** The colour at (x, y). The middle is (0, 0), the shorter side goes from -1 to 1, y points down. */
export type Paint = (x: number, y: number) => Colour

export function mix(a: Colour, b: Colour, share: number): Colour {
  const t = Math.min(1, Math.max(0, share))
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smooth(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

/** A colour by hue (turns), saturation and brightness (0 … 1). */
export function hsb(hue: number, saturation: number, brightness: number): Colour {
  const channel = (offset: number): number => {
    const k = (offset + hue * 6) % 6
    return 255 * brightness * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)))
  }
  return [channel(5), channel(3), channel(1)]
}

/** Two colours that stand out from each other: one bright, one dark, either first; their hues lie within a quarter of the circle around `hue`. */
export function contrastingColours(random: Random, hue: number): [Colour, Colour] {
  const near = (): number => hue + random.between(-0.25, 0.25) + 1
  const bright = hsb(near(), random.between(0.1, 0.8), random.between(0.75, 1))
  const dark = hsb(near(), random.between(0.2, 0.9), random.between(0.15, 0.5))
  return random.next() < 0.5 ? [bright, dark] : [dark, bright]
}

/** Turns, scales and shifts a paint by chance. `scale` says how many times smaller its pattern gets, at least and at most. */
export function place(paint: Paint, random: Random, scale: readonly [number, number], maxTurn: number): Paint {
  const size = random.between(...scale)
  const angle = random.between(-maxTurn, maxTurn)
  const cos = Math.cos(angle) * size
  const sin = Math.sin(angle) * size
  const dx = random.between(-10, 10)
  const dy = random.between(-10, 10)
  return (x, y) => paint(cos * x - sin * y + dx, sin * x + cos * y + dy)
}

/** RGB bytes of a paint, with light from one side and grain, as a photo would have. */
export function render(paint: Paint, width: number, height: number, random: Random): Uint8Array {
  const unit = 2 / Math.min(width, height)
  const light = random.between(0, 0.25)
  const angle = random.between(0, 2 * Math.PI)
  const grain = random.between(2, 14)
  const pixels = new Uint8Array(width * height * 3)
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) {
      const x = (column + 0.5 - width / 2) * unit
      const y = (row + 0.5 - height / 2) * unit
      const colour = paint(x, y)
      const brightness = 1 - light * (0.5 + 0.35 * (x * Math.cos(angle) + y * Math.sin(angle)))
      const noise = grain * (random.next() + random.next() - 1)
      for (let channel = 0; channel < 3; channel++) {
        pixels[at + channel] = Math.min(255, Math.max(0, Math.round(colour[channel]! * brightness + noise)))
      }
    }
  }
  return pixels
}
