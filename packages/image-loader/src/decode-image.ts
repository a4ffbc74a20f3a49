// The work of sharp: from the bytes of a file to pixels, oriented, in sRGB, reduced and cut.

import { CbirError } from '@cbir/core'
import { throwIfAborted } from '@cbir/core/define'
import { enlargedRows, planEnlargement } from './enlarge.ts'
import { type ImageGeometry, planGeometry } from './image-geometry.ts'
import type { ImageLoaderSettings, Size } from './image-loader-config.ts'
import { plainJpegSize } from './jpeg-size.ts'
import { type PixelRows, rowsOf } from './raster.ts'
import type { Sharp } from './sharp-library.ts'

type SharpPicture = ReturnType<Sharp>

export interface DecodedImage {
  /** The kept part of the picture, at its final size. */
  readonly pixels: PixelRows
  readonly geometry: ImageGeometry
}

/**
 * Decodes the first page or frame. sharp works on libuv's threads; where the picture has to be made larger, that is done when its rows are read.
 * @throws CbirError ABORTED, LOAD_FAILED for too large a result; and sharp's own errors
 */
export async function decodeImage(sharp: Sharp, bytes: Uint8Array, settings: ImageLoaderSettings, signal: AbortSignal): Promise<DecodedImage> {
  const { failOn, limitInputPixels, kernel, fastShrinkOnLoad } = settings
  const image = sharp(bytes, { failOn, limitInputPixels, autoOrient: settings.orient, ignoreIcc: settings.colourProfile === 'ignore' })
  const { source, drawn } = await readHeader(image, bytes, settings)
  throwIfAborted(signal)
  const geometry = planGeometry(source, settings)
  checkResultSize(geometry.frame, limitInputPixels)
  const { resized, kept } = geometry

  const reduced = drawn ? resized : { width: Math.min(source.width, resized.width), height: Math.min(source.height, resized.height) }
  const larger = reduced.width < resized.width || reduced.height < resized.height
  if (reduced.width !== source.width || reduced.height !== source.height) image.resize({ ...reduced, fit: 'fill', kernel, fastShrinkOnLoad })
  const enlargement = larger ? planEnlargement(reduced, resized, kept, kernel) : undefined
  if (enlargement) {
    // Columns only: all rows are decoded, so damage in those that are not kept is noticed.
    if (enlargement.columns.width < reduced.width) image.extract({ ...enlargement.columns, top: 0, height: reduced.height })
  } else if (kept.width < resized.width || kept.height < resized.height) image.extract({ ...kept })
  const [r, g, b] = settings.background
  // Not toUint8Array: in sharp 0.35.5 it never gives its memory back.
  const { data, info } = await image
    .flatten({ background: { r, g, b } })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  throwIfAborted(signal)
  const bytesOfPixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
  const raster = { data: threeChannels(bytesOfPixels, info.channels), width: info.width, height: info.height }
  return { pixels: enlargement ? enlargedRows(raster, enlargement) : rowsOf(raster), geometry }
}

interface Header {
  /** After the orientation. */
  readonly source: Size
  /** Whether it is a drawing, which has no pixels of its own: it is drawn at the size wanted. */
  readonly drawn: boolean
}

async function readHeader(image: SharpPicture, bytes: Uint8Array, { orient, limitInputPixels }: ImageLoaderSettings): Promise<Header> {
  const plain = plainJpegSize(bytes)
  // What is too large is left to sharp, which refuses it.
  if (plain && plain.width * plain.height <= limitInputPixels) return { source: plain, drawn: false }
  const { width, height, autoOrient, format } = await image.metadata()
  return { source: orient ? autoOrient : { width, height }, drawn: format === 'svg' }
}

function checkResultSize({ width, height }: Size, limit: number): void {
  if (width * height <= limit) return
  throw new CbirError(
    'LOAD_FAILED',
    `the result would have ${width}×${height} pixels, more than limitInputPixels (${limit}) allows. Crop it, resize it to less, or raise the limit.`,
  )
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data
  throw new CbirError('ADAPTER_FAULT', `sharp gave ${channels} channels where 3 were asked for. Please report this with the picture.`)
}

/** What sharp said about an item, as an error that names it and says what to do. */
export function decodeError(error: unknown, label: string, { limitInputPixels }: Pick<ImageLoaderSettings, 'limitInputPixels'>): CbirError {
  const said = error instanceof Error ? error.message.trim() : String(error)
  if (CbirError.isInstance(error)) {
    return error.code === 'LOAD_FAILED' ? new CbirError('LOAD_FAILED', `Could not load ${label}: ${said}`, { cause: error.cause }) : error
  }
  if (/unsupported image format/i.test(said)) {
    return new CbirError(
      'UNSUPPORTED_CONTENT_TYPE',
      `${label} is no picture that sharp can read (JPEG, PNG, WebP, GIF, AVIF, TIFF, SVG), whatever its name says, or it was cut off too early to tell. Give a whole picture.`,
      { cause: error },
    )
  }
  if (/exceeds pixel limit/i.test(said)) {
    return new CbirError(
      'LOAD_FAILED',
      `The header of ${label} names more than limitInputPixels (${limitInputPixels}) pixels; it was refused before decoding. Raise the limit if you trust it.`,
      { cause: error },
    )
  }
  return new CbirError('LOAD_FAILED', `Could not decode ${label}: ${said}. It seems damaged or cut off: get it again, or set failOn to "none".`, {
    cause: error,
  })
}
