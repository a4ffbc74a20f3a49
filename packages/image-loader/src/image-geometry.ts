// Sizes and places: how large the picture becomes, and which part of it is kept.

import type { ImageLoaderSettings, Size } from './image-loader-config.ts'

/** A rectangle of pixels. */
export interface Region extends Size {
  readonly left: number
  readonly top: number
}

export interface ImageGeometry {
  /** Size of the whole picture after the resize. */
  readonly resized: Size
  /** The part of the resized picture that is kept. */
  readonly kept: Region
  /** Size of the result. */
  readonly frame: Size
  /** Where in the result the kept part begins; around it is padding. */
  readonly left: number
  readonly top: number
}

/**
 * The geometry for a picture of `source` size (after orientation). Sides that follow from the aspect ratio are rounded to the nearest pixel;
 * what is centred has the odd pixel on the right and below.
 */
export function planGeometry(source: Size, settings: Pick<ImageLoaderSettings, 'resize' | 'crop' | 'enlarge'>): ImageGeometry {
  const resized = resizedSize(source, settings)
  const { resize, crop } = settings
  const frame = crop ?? (resize && 'letterbox' in resize ? resize.letterbox : resized)
  const across = centre(resized.width, frame.width)
  const down = centre(resized.height, frame.height)
  return {
    resized,
    kept: { left: across.from, top: down.from, width: across.length, height: down.length },
    frame,
    left: across.at,
    top: down.at,
  }
}

function resizedSize(source: Size, { resize, enlarge }: Pick<ImageLoaderSettings, 'resize' | 'enlarge'>): Size {
  if (resize === null) return source
  if ('exact' in resize) return resize.exact
  const { width, height } = source
  let factor: number
  if ('shorterSide' in resize) factor = resize.shorterSide / Math.min(width, height)
  else {
    const box = 'inside' in resize ? resize.inside : resize.letterbox
    factor = Math.min(box.width / width, box.height / height)
  }
  if (!enlarge) factor = Math.min(1, factor)
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}

/** One axis: `length` pixels from `from` of the picture lie at `at` of the frame. */
function centre(picture: number, frame: number): { from: number; at: number; length: number } {
  const from = Math.max(0, Math.floor((picture - frame) / 2))
  const at = Math.max(0, Math.floor((frame - picture) / 2))
  return { from, at, length: Math.min(picture, frame) }
}
