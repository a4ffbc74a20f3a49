// The kernels of the resize, as functions: the same filters that libvips and Pillow have under these names.

import type { Kernel } from './image-loader-config.ts'

export interface ResamplingKernel {
  /** Beyond this distance, in source pixels, the kernel is 0. */
  readonly support: number
  weight(distance: number): number
}

/** The cubic family of Mitchell and Netravali, "Reconstruction Filters in Computer Graphics", SIGGRAPH 1988. */
function cubicKernel(b: number, c: number): ResamplingKernel {
  return {
    support: 2,
    weight(distance) {
      const x = Math.abs(distance)
      if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b)) / 6
      if (x < 2) return ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6
      return 0
    },
  }
}

function lanczosKernel(lobes: number): ResamplingKernel {
  const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
  return { support: lobes, weight: (x) => (Math.abs(x) < lobes ? sinc(x) * sinc(x / lobes) : 0) }
}

export const RESAMPLING_KERNELS: Readonly<Record<Kernel, ResamplingKernel>> = {
  // The source pixel whose area holds the point; the right one on a border between two.
  nearest: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  linear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Catmull-Rom.
  cubic: cubicKernel(0, 0.5),
  mitchell: cubicKernel(1 / 3, 1 / 3),
  lanczos2: lanczosKernel(2),
  lanczos3: lanczosKernel(3),
}
