// Shapes: one thing before a plain ground, in two colours, of any size.

import { type Colour, contrastingColours, mix, type Paint, smooth } from './paint.ts'
import type { Random } from './random.ts'

export function star(random: Random): Paint {
  const turn = random.between(-0.4, 0.4)
  return shape(random, 0.15, (x, y) => {
    const radius = Math.sqrt(x * x + y * y)
    const point = Math.abs(((((Math.atan2(y, x) + turn) / (2 * Math.PI)) * 5 + 10.25) % 1) - 0.5) * 2
    return radius - (0.4 + 0.6 * point)
  })
}

export function ring(random: Random): Paint {
  const thickness = random.between(0.12, 0.25)
  return shape(random, 0.5, (x, y) => Math.abs(Math.sqrt(x * x + y * y) - 0.8) - thickness)
}

export function cross(random: Random): Paint {
  const thickness = random.between(0.18, 0.32)
  const angle = random.between(-0.3, 0.3)
  return shape(random, 0.75, (x, y) => {
    const u = Math.abs(x * Math.cos(angle) - y * Math.sin(angle))
    const v = Math.abs(x * Math.sin(angle) + y * Math.cos(angle))
    return Math.max(Math.min(u, v) - thickness, Math.max(u, v) - 1)
  })
}

/** A shape is given by how far a place is outside of it (negative inside), at its natural size of 1. */
function shape(random: Random, hue: number, outside: (x: number, y: number) => number): Paint {
  const [figure, ground] = contrastingColours(random, hue)
  const far: Colour = mix(ground, [255, 255, 255], random.between(0, 0.3))
  const size = random.between(0.45, 0.8)
  const dx = random.between(-0.2, 0.2)
  const dy = random.between(-0.2, 0.2)
  return (x, y) => {
    const edge = smooth(-0.02, 0.02, outside((x - dx) / size, (y - dy) / size))
    return mix(figure, mix(ground, far, (x + y + 2) / 4), edge)
  }
}
