// preprocessor_config.json: the forms that image processors write, and what is refused.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CbirError } from '@cbir/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromHuggingFacePreprocessor, imageLoader, readPreprocessFile } from '../src/index.ts'

const MEAN = [0.5, 0.5, 0.5]
const base = { do_normalize: true, image_mean: MEAN, image_std: MEAN }

const CLIP = {
  crop_size: { height: 224, width: 224 },
  do_center_crop: true,
  do_convert_rgb: true,
  do_normalize: true,
  do_rescale: true,
  do_resize: true,
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_processor_type: 'CLIPImageProcessor',
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  rescale_factor: 0.00392156862745098,
  size: { shortest_edge: 224 },
}

describe('a preprocessor configuration', () => {
  it('of CLIP is the preset clip-224', () => {
    expect(imageLoader(fromHuggingFacePreprocessor(CLIP)).toConfig()).toEqual(imageLoader({ preset: 'clip-224' }).toConfig())
  })

  it('of ViT', () => {
    const config = fromHuggingFacePreprocessor({ ...base, do_resize: true, size: { height: 224, width: 224 }, resample: 2, do_rescale: true })
    expect(config).toMatchObject({ resize: { exact: { width: 224, height: 224 } }, kernel: 'linear', crop: null, scale: 1 / 255, mean: MEAN })
    expect(config).toMatchObject({ layout: 'nchw', channels: 'rgb', dtype: 'f32' })
  })

  it.each([
    [{ size: { shortest_edge: 30 } }, { shorterSide: 30 }],
    [{ size: { longest_edge: 30 } }, { inside: { width: 30, height: 30 } }],
    [{ size: { max_height: 20, max_width: 30 } }, { inside: { width: 30, height: 20 } }],
    [{ size: 30, feature_extractor_type: 'ViTFeatureExtractor' }, { exact: { width: 30, height: 30 } }],
    [{ size: 30, feature_extractor_type: 'CLIPFeatureExtractor' }, { shorterSide: 30 }],
    [{ size: 30, default_to_square: false }, { shorterSide: 30 }],
  ])('reads the size of %o', (fields, resize) => {
    expect(fromHuggingFacePreprocessor({ ...base, do_resize: true, resample: 2, ...fields }).resize).toEqual(resize)
  })

  it.each([
    [0, 'nearest'],
    [1, 'lanczos3'],
    [2, 'linear'],
    [3, 'cubic'],
  ])('reads resample %i as %s', (resample, kernel) => {
    expect(fromHuggingFacePreprocessor({ do_resize: true, size: { shortest_edge: 9 }, resample }).kernel).toBe(kernel)
  })

  it('leaves out what is switched off', () => {
    const config = fromHuggingFacePreprocessor({
      do_resize: false,
      do_center_crop: false,
      do_rescale: false,
      do_normalize: false,
      size: 9,
      crop_size: 3,
    })
    expect(imageLoader(config).toConfig().config).toMatchObject({ resize: null, crop: null, scale: 1, mean: [0, 0, 0], std: [1, 1, 1] })
  })

  it('reads crop_size as a number, and the order and place of channels', () => {
    expect(fromHuggingFacePreprocessor({ do_center_crop: true, crop_size: 7 }).crop).toEqual({ width: 7, height: 7 })
    expect(fromHuggingFacePreprocessor({ do_flip_channel_order: true, data_format: 'channels_last' })).toMatchObject({
      channels: 'bgr',
      layout: 'nhwc',
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['size', { size: 224 }],
    ['size', { size: { shortest_edge: 800, longest_edge: 1333 } }],
    ['size', { size: { shortest_edge: '224' } }],
    ['size', { do_resize: true }],
    ['resample', { size: { shortest_edge: 9 } }],
    ['resample', { size: { shortest_edge: 9 }, resample: 4 }],
    ['crop_size', { do_center_crop: true }],
    ['crop_size', { do_center_crop: true, crop_size: { shortest_edge: 9 } }],
    ['image_mean', { do_normalize: true, image_std: MEAN }],
    ['image_std', { ...base, image_std: [1, 2] }],
    ['rescale_factor', { rescale_factor: 'x' }],
    ['do_resize', { do_resize: 'yes' }],
    ['do_pad', { do_pad: true }],
    ['crop_pct', { crop_pct: 0.875 }],
    ['size_divisor', { size_divisor: 32 }],
    ['data_format', { data_format: 'planar' }],
    ['do_flip_channel_order', { ...base, do_flip_channel_order: true }],
  ])('is refused with the name of %s: %o', (field, json) => {
    try {
      fromHuggingFacePreprocessor(json)
    } catch (error) {
      expect(CbirError.isInstance(error, 'INVALID_CONFIG')).toBe(true)
      expect((error as CbirError).message).toContain(`"${field}"`)
      expect((error as CbirError).details['issues']).toMatchObject([{ path: field }])
      return
    }
    expect.unreachable('it was accepted')
  })

  it('that is no object is refused', () => {
    for (const json of [null, [], 'CLIP', 3]) expect(() => fromHuggingFacePreprocessor(json)).toThrow(/must be an object/)
  })
})

describe('a preprocessing file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-loader-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function file(content: string): Promise<string> {
    const path = join(folder, 'preprocess.json')
    await writeFile(path, content)
    return path
  }

  it('may hold a preprocessor configuration', async () => {
    const config = await readPreprocessFile(await file(JSON.stringify(CLIP)))
    expect(imageLoader(config).toConfig()).toEqual(imageLoader({ preset: 'clip-224' }).toConfig())
  })

  it("may hold the loader's own form, a preset with changes as well as the full form", async () => {
    const changed = imageLoader({ preset: 'caffe-227', kernel: 'cubic' }).toConfig()
    for (const content of [{ preset: 'caffe-227', kernel: 'cubic' }, changed.config]) {
      expect(imageLoader(await readPreprocessFile(await file(JSON.stringify(content)))).toConfig()).toEqual(changed)
    }
  })

  it.each([
    ['no JSON', '{ size', 'not JSON'],
    ['an unknown field', '{ "sise": 3 }', 'sise'],
    ['a field out of range', '{ "preset": "caffe-227", "std": -1 }', 'std'],
    ['a field that is not supported', '{ "do_pad": true }', 'do_pad'],
    ['no object', '7', 'expected object'],
  ])('with %s is INVALID_CONFIG and named', async (_, content, text) => {
    const error = await readPreprocessFile(await file(content)).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'INVALID_CONFIG' })
    expect((error as Error).message).toContain('preprocess.json')
    expect((error as Error).message).toContain(text)
  })

  it('that is missing, a folder, or aborted', async () => {
    await expect(readPreprocessFile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(readPreprocessFile(folder)).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(readPreprocessFile(folder, { signal: AbortSignal.abort('x') })).rejects.toMatchObject({ code: 'ABORTED', cause: 'x' })
  })
})
