// Image descriptor: colour, layout, texture and shape of a picture in one vector; the one to begin with where there is no model.

import { definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { colourHistogramOf } from './colour-histogram.ts'
import { type Filled, PACKAGE } from './config.ts'
import { type Descriptor, extractorOf } from './descriptor.ts'
import { hogOf } from './hog.ts'
import { localBinaryPatternsOf } from './local-binary-patterns.ts'
import { scaleToLength, takeRoots } from './normalise.ts'
import type { Picture } from './picture.ts'
import { resample } from './resample.ts'
import type { Steps } from './steps.ts'

/** How much each part counts in squared distances between unrelated pictures; 0 leaves a part out of the vector. */
export interface ImageDescriptorWeights {
  /** Which colours there are. Default 0.5. */
  readonly colour?: number | undefined
  /** Which colours are where. Default 0.5, so that the two that speak of colour count as much as each of the others. */
  readonly layout?: number | undefined
  /** Fine patterns, whatever way they are turned. Default 1. */
  readonly texture?: number | undefined
  /** Outlines and their directions, and where they are. Default 1. */
  readonly shape?: number | undefined
}

export interface ImageDescriptorConfig {
  readonly weights?: ImageDescriptorWeights | undefined
}

interface FilledConfig {
  readonly weights: Filled<ImageDescriptorWeights>
}

const weight = z.number().min(0).max(1000)
const schema = z.strictObject({
  weights: z
    .strictObject({ colour: weight.default(0.5), layout: weight.default(0.5), texture: weight.default(1), shape: weight.default(1) })
    .refine((weights) => Object.values(weights).some((value) => value > 0), 'at least one weight must be above 0')
    .prefault({}),
})

/** Longer side in pixels to which a larger picture is reduced first: what is finer is mostly noise and compression. */
const WORKING_SIDE = 128

interface PartOfDescriptor {
  readonly descriptor: Descriptor
  /** Brings the part to length 1. */
  readonly normalise: (block: Float32Array) => void
  /**
   * The mean squared distance between unrelated pictures at length 1, measured on generated pictures of twelve kinds. Parts are divided by it, else
   * colour would outvote texture fifteen to one (Rui, Huang, Ortega & Mehrotra, "Relevance Feedback", 1998).
   */
  readonly spread: number
}

/** The parts. Their parameters are those of the papers, coarser where a part covers the whole picture. */
const PARTS: Readonly<Record<keyof ImageDescriptorWeights, PartOfDescriptor>> = {
  colour: { descriptor: colourHistogramOf({ space: 'hsv', bins: [16, 4, 4], soft: true, grid: [1, 1] }), normalise: takeRoots, spread: 1.8 },
  layout: { descriptor: colourHistogramOf({ space: 'lab', bins: [4, 4, 4], soft: true, grid: [3, 3] }), normalise: takeRoots, spread: 1.2 },
  texture: {
    descriptor: localBinaryPatternsOf({
      rings: [
        { radius: 1, points: 8 },
        { radius: 2, points: 16 },
        { radius: 3, points: 24 },
      ],
      mapping: 'riu2',
      grid: [1, 1],
    }),
    normalise: takeRoots,
    spread: 0.12,
  },
  shape: {
    descriptor: hogOf({ window: [64, 64], cell: 16, block: 2, orientations: 9, signed: false, clip: 0.2 }),
    normalise: (block) => scaleToLength(block, 1),
    spread: 0.7,
  },
}

/**
 * Image descriptor: 1210 numbers by default, one part after another: an HSV histogram (256), L*a*b* histograms on a 3 × 3 grid (576), local
 * binary patterns at three radii (54) and histograms of oriented gradients on a coarse grid (324). Histograms enter as square roots, so that each part
 * has length 1 and is compared by Hellinger distance; then each is scaled so that parts of equal weight add as much to the squared distance of
 * unrelated pictures, and the whole to length 1 (less only for a picture without edges, whose shape part is 0). The distances that fit are
 * `euclidean` and `cosine`.
 */
export const imageDescriptor: PluginFactory<ImageDescriptorConfig, FilledConfig, FeatureExtractor<Tensor<'u8'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'image-descriptor',
  package: PACKAGE,
  configSchema: schema,
  create: (config: FilledConfig) => extractorOf('image-descriptor', 1, { ...config }, imageDescriptorOf(config)),
})

/** The computation behind {@link imageDescriptor}. */
export function imageDescriptorOf({ weights }: FilledConfig): Descriptor {
  const names = (Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((name) => weights[name] > 0)
  const total = names.reduce((sum, name) => sum + weights[name] / PARTS[name].spread, 0)
  const parts = names.map((name) => ({ ...PARTS[name], scale: Math.sqrt(weights[name] / PARTS[name].spread / total) }))
  return {
    dimensions: parts.reduce((sum, { descriptor }) => sum + descriptor.dimensions, 0),
    *describe(picture, out) {
      const working = yield* workingSize(picture)
      let at = 0
      for (const { descriptor, normalise, scale } of parts) {
        const block = out.subarray(at, at + descriptor.dimensions)
        at += descriptor.dimensions
        yield* descriptor.describe(working, block)
        normalise(block)
        for (let i = 0; i < block.length; i++) block[i]! *= scale
      }
    },
  }
}

/** The picture with its longer side at most `WORKING_SIDE`, its proportions kept. */
function* workingSize(picture: Picture): Steps<Picture> {
  const { data, height, width } = picture
  const scale = WORKING_SIDE / Math.max(height, width)
  if (scale >= 1) return picture
  const to = [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))] as const
  const small = yield* resample(data, [height, width, 3], to)
  const bytes = new Uint8Array(small.length)
  for (let i = 0; i < small.length; i++) bytes[i] = small[i]! + 0.5
  return { data: bytes, height: to[0], width: to[1] }
}
