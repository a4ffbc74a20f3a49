// The options of features as fields of a schema, with librosa's defaults. What belongs together is an object that is spread into a schema.

import { PAD_MODES, type WindowSpec, windowOf } from '@cbir/audio-dsp'
import { z } from 'zod'
import { FRAME_PAD_MODES, type FramePadMode } from '../framed-samples.ts'

/** Fields of a strict object. */
export type Fields = Readonly<Record<string, z.ZodType>>

export const positive: z.ZodNumber = z.number().gt(0)
export const share: z.ZodNumber = z.number().gt(0).lt(1)
/** Samples; a plan of a transform of so many stays far below 2³¹ bytes. */
export const length: z.ZodInt = z
  .int()
  .min(1)
  .max(2 ** 24)

/** Whether there is such a window. Its values themselves would be no data that a person writes. */
function isWindow(value: unknown): boolean {
  try {
    windowOf(value as WindowSpec, 8)
    return true
  } catch {
    return false
  }
}

const window = z
  .union([z.string(), z.number(), z.tuple([z.string()], z.number())])
  .refine(isWindow, "must be a window's name such as 'hann', its name and numbers such as ['kaiser', 8], or a beta of kaiser")
  .default('hann')

export const padMode: z.ZodType = z.enum(PAD_MODES as ['constant', ...(typeof PAD_MODES)[number][]]).default('constant')

/** The same where frames are of samples. */
export const framePadMode: z.ZodType = z.enum(FRAME_PAD_MODES as ['constant', ...FramePadMode[]]).default('constant')

/** How samples become frames of a spectrum. */
export function framing(nFft: number, hopLength: number): Fields {
  return {
    nFft: length.default(nFft),
    hopLength: length.default(hopLength),
    winLength: length.optional(),
    window,
    center: z.boolean().default(true),
    padMode,
    precision: z.enum(['f64', 'f32']).default('f64'),
  }
}

/** How samples become frames of samples. */
export const sampleFraming: Fields = {
  frameLength: length.min(2).default(2048),
  hopLength: length.default(512),
  center: z.boolean().default(true),
}

const norm = z.union([z.literal('inf'), positive]).nullable()

/** The bands of a mel spectrogram. */
export const mel: Fields = {
  nMels: z.int().min(1).max(65_536).default(128),
  fmin: z.number().min(0).default(0),
  fmax: positive.optional(),
  htk: z.boolean().default(false),
  power: positive.default(2),
}

export const melNorm: z.ZodType = z.union([z.literal('slaney'), norm]).default('slaney')

export const chroma: Fields = {
  nChroma: z.int().min(1).max(1200).default(12),
  tuning: z.number().nullable().default(null),
  ctroct: z.number().default(5),
  octwidth: positive.nullable().default(2),
  baseC: z.boolean().default(true),
  norm: norm.default('inf'),
}
