// Reads the preprocessor_config.json of Hugging Face's image processors.

import { CbirError } from '@cbir/core'
import type { ImageLoaderConfig, Kernel, Resize, Size } from './image-loader-config.ts'

type Fields = Readonly<Record<string, unknown>>

/** Pillow's filter numbers. Box (4) and Hamming (5) have no kernel in sharp. */
const KERNELS: readonly (Kernel | undefined)[] = ['nearest', 'lanczos3', 'linear', 'cubic']

/** Fields that say nothing about pixels, or that hold for every picture that this loader gives. */
const NO_EFFECT = new Set([
  '_valid_processor_keys',
  'auto_map',
  'default_to_square',
  'device',
  'disable_grouping',
  'do_convert_rgb',
  'do_reduce_labels',
  'feature_extractor_type',
  'image_processor_type',
  'input_data_format',
  'processor_class',
  'reduce_labels',
  'return_tensors',
  'transformers_version',
])

const READ = new Set([
  'crop_size',
  'data_format',
  'do_center_crop',
  'do_flip_channel_order',
  'do_normalize',
  'do_rescale',
  'do_resize',
  'image_mean',
  'image_std',
  'resample',
  'rescale_factor',
  'size',
])

function refuse(field: string, expected: string): CbirError {
  return new CbirError(
    'INVALID_CONFIG',
    `The preprocessor configuration's "${field}" ${expected}. Write an image-loader configuration by hand instead.`,
    {
      details: { issues: [{ path: field, message: expected }] },
    },
  )
}

function flag(fields: Fields, name: string, fallback: boolean): boolean {
  const value = fields[name] ?? fallback
  if (typeof value !== 'boolean') throw refuse(name, `must be true or false, got ${JSON.stringify(value)}`)
  return value
}

function isPixels(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0
}

/** The names that a size object has, sorted, where each value is a positive integer. */
function sizeNames(value: unknown, field: string): string {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value).filter(([, pixels]) => pixels !== null) : []
  if (entries.length === 0 || !entries.every(([, pixels]) => isPixels(pixels))) throw refuse(field, `is not understood: ${JSON.stringify(value)}`)
  return entries
    .map(([name]) => name)
    .sort()
    .join()
}

/** Older files give one number, which some processors take for the shorter side and others for both. */
function resizeFromNumber(pixels: number, fields: Fields): Resize {
  const processor = String(fields['image_processor_type'] ?? fields['feature_extractor_type'] ?? '')
  const square =
    fields['default_to_square'] ??
    (/^(ViT|DeiT|Beit|Swin|Siglip)/.test(processor) ? true : /^(CLIP|ChineseCLIP|LeViT)/.test(processor) ? false : undefined)
  if (typeof square !== 'boolean') {
    throw refuse(
      'size',
      `is the bare number ${pixels}, which processors read differently; write {"shortest_edge": ${pixels}} or {"height": ${pixels}, "width": ${pixels}}`,
    )
  }
  return square ? { exact: { width: pixels, height: pixels } } : { shorterSide: pixels }
}

function resizeOf(fields: Fields): Resize {
  const { size } = fields
  if (isPixels(size)) return resizeFromNumber(size, fields)
  const names = sizeNames(size, 'size')
  const given = size as Readonly<Record<string, number>>
  switch (names) {
    case 'shortest_edge':
      return { shorterSide: given['shortest_edge']! }
    case 'height,width':
      return { exact: { width: given['width']!, height: given['height']! } }
    case 'longest_edge':
      return { inside: { width: given['longest_edge']!, height: given['longest_edge']! } }
    case 'max_height,max_width':
      return { inside: { width: given['max_width']!, height: given['max_height']! } }
    default:
      throw refuse('size', `with ${names} is not supported; it may be shortest_edge, longest_edge, height and width, or max_height and max_width`)
  }
}

function cropOf(fields: Fields): Size {
  const size = fields['crop_size']
  if (isPixels(size)) return { width: size, height: size }
  if (sizeNames(size, 'crop_size') !== 'height,width') throw refuse('crop_size', 'must be a number or have height and width')
  const { width, height } = size as Size
  return { width, height }
}

function kernelOf(fields: Fields): Kernel {
  const kernel = KERNELS[fields['resample'] as number]
  if (!kernel) throw refuse('resample', `must be 0 (nearest), 1 (lanczos), 2 (bilinear) or 3 (bicubic), got ${JSON.stringify(fields['resample'])}`)
  return kernel
}

function numbers(fields: Fields, name: string): readonly number[] {
  const value = fields[name]
  const list = typeof value === 'number' ? [value, value, value] : value
  if (Array.isArray(list) && list.length === 3 && list.every((item) => typeof item === 'number')) return list as number[]
  throw refuse(name, `must be three numbers, got ${JSON.stringify(value)}`)
}

function refuseUnknown(fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    // What is switched off changes nothing, whatever it is.
    if (READ.has(name) || NO_EFFECT.has(name) || value === null || value === undefined || value === false) continue
    throw refuse(name, 'is not supported')
  }
}

/**
 * The loader's configuration for a `preprocessor_config.json` (its parsed JSON) of an image processor that resizes, crops, rescales and
 * normalises: ViT, DeiT, BEiT, Swin, CLIP, SigLIP, DINOv2, ResNet and others. Pixels are taken as Pillow gives them: EXIF orientation and ICC
 * profiles, which those processors ignore, are applied here; set `orient` and `colourProfile` to have them ignored.
 * @throws CbirError INVALID_CONFIG that names a field which is not understood or not supported
 */
export function fromHuggingFacePreprocessor(json: unknown): ImageLoaderConfig & { readonly dtype: 'f32' } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new CbirError('INVALID_CONFIG', 'A preprocessor configuration must be an object: the parsed JSON of preprocessor_config.json.')
  }
  const fields = json as Fields
  refuseUnknown(fields)
  const resizes = flag(fields, 'do_resize', fields['size'] !== undefined)
  const crops = flag(fields, 'do_center_crop', false)
  const rescales = flag(fields, 'do_rescale', true)
  const normalises = flag(fields, 'do_normalize', fields['image_mean'] !== undefined)
  const flips = flag(fields, 'do_flip_channel_order', false)
  if (flips && normalises) throw refuse('do_flip_channel_order', 'together with do_normalize is not supported: processors differ in their order')
  const factor = fields['rescale_factor'] ?? 1 / 255
  if (rescales && typeof factor !== 'number') throw refuse('rescale_factor', `must be a number, got ${JSON.stringify(factor)}`)
  const format = fields['data_format'] ?? 'channels_first'
  if (format !== 'channels_first' && format !== 'channels_last') throw refuse('data_format', 'must be "channels_first" or "channels_last"')
  return {
    resize: resizes ? resizeOf(fields) : null,
    ...(resizes ? { kernel: kernelOf(fields) } : {}),
    crop: crops ? cropOf(fields) : null,
    channels: flips ? 'bgr' : 'rgb',
    dtype: 'f32',
    scale: rescales ? (factor as number) : 1,
    ...(normalises ? { mean: numbers(fields, 'image_mean'), std: numbers(fields, 'image_std') } : {}),
    layout: format === 'channels_first' ? 'nchw' : 'nhwc',
  }
}
