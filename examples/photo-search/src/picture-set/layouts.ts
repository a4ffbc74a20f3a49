// Colour layouts: scenes that are known by which colours lie where.

import { fractalNoise, latticeValue } from './lattice.ts'
import { hsb, mix, type Paint, smooth } from './paint.ts'
import type { Random } from './random.ts'

/** A warm sky that pales towards the horizon, a sun, dark land. */
export function sunset(random: Random): Paint {
  const zenith = hsb(random.between(0.6, 0.95), random.between(0.4, 0.8), random.between(0.3, 0.6))
  const glow = hsb(random.between(0.02, 0.13), random.between(0.6, 1), 1)
  const land = hsb(random.next(), 0.4, random.between(0.05, 0.18))
  const horizon = random.between(0.2, 0.6)
  const sunX = random.between(-0.8, 0.8)
  const sunY = horizon - random.between(0, 0.5)
  const seed = random.integer(0, 1e6)
  return (x, y) => {
    if (y > horizon + 0.3 * (fractalNoise(x * 2, 0, seed) - 0.5)) return land
    const sky = mix(zenith, glow, smooth(-1.2, horizon, y))
    const fromSun = Math.sqrt((x - sunX) ** 2 + (y - sunY) ** 2)
    return mix([255, 250, 220], sky, smooth(0.15, 0.19, fromSun))
  }
}

/** Blue sky with clouds over grass with flowers. */
export function meadow(random: Random): Paint {
  const sky = hsb(random.between(0.52, 0.62), random.between(0.3, 0.7), random.between(0.8, 1))
  const grass = hsb(random.between(0.2, 0.38), random.between(0.5, 0.9), random.between(0.4, 0.75))
  const flower = hsb(random.next(), random.between(0, 0.8), 1)
  const horizon = random.between(-0.5, 0.3)
  const seed = random.integer(0, 1e6)
  return (x, y) => {
    if (y < horizon) return mix(sky, [255, 255, 255], smooth(0.5, 0.75, fractalNoise(x * 1.5, y * 3, seed)))
    const blade = fractalNoise(x * 20, y * 6, seed)
    if (latticeValue(Math.floor(x * 18), Math.floor(y * 18), seed) < 0.06) return flower
    return mix(mix(grass, [0, 0, 0], 0.35), grass, smooth(0.3, 0.7, blade))
  }
}

/** Dark houses with lit windows under a night sky. */
export function city(random: Random): Paint {
  const sky = hsb(random.between(0.55, 0.75), random.between(0.4, 0.8), random.between(0.15, 0.35))
  const wall = hsb(random.between(0.55, 0.75), random.between(0, 0.4), random.between(0.05, 0.14))
  const lamp = hsb(random.between(0.08, 0.16), random.between(0.3, 0.7), 1)
  const house = random.between(0.25, 0.5)
  const windows = random.between(9, 15)
  const lit = random.between(0.25, 0.6)
  const seed = random.integer(0, 1e6)
  return (x, y) => {
    const roof = -0.8 + 0.9 * latticeValue(Math.floor(x / house), 0, seed)
    if (y < roof) return sky
    const column = x * windows
    const row = y * windows
    const inWindow = Math.abs(column - Math.floor(column) - 0.5) < 0.28 && Math.abs(row - Math.floor(row) - 0.5) < 0.32
    return inWindow && latticeValue(Math.floor(column), Math.floor(row), seed + 1) < lit ? lamp : wall
  }
}
