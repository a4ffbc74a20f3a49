// The element type of the tensors follows from the configuration.

import { createRegistry, type Plugin, type Tensor, type VectorLoader } from '@cbir/core'
import { describe, expectTypeOf, it } from 'vitest'
import {
  fromHuggingFacePreprocessor,
  type ImageInput,
  type ImageLoader,
  type ImageLoaderConfig,
  type ImageLoaderSettings,
  imageLoader,
} from '../src/index.ts'

type Loads<D extends 'f32' | 'u8'> = VectorLoader<ImageInput, Tensor<D>>

describe('imageLoader', () => {
  it('infers floats', () => {
    expectTypeOf(imageLoader({ preset: 'caffe-227' })).toEqualTypeOf<Loads<'f32'>>()
    expectTypeOf(imageLoader({ preset: 'imagenet-224', kernel: 'cubic' })).toEqualTypeOf<Loads<'f32'>>()
    expectTypeOf(imageLoader({ preset: 'clip-224', dtype: undefined })).toEqualTypeOf<Loads<'f32'>>()
    expectTypeOf(imageLoader({ dtype: 'f32' })).toEqualTypeOf<Loads<'f32'>>()
    expectTypeOf(imageLoader({ preset: 'descriptor', dtype: 'f32' })).toEqualTypeOf<Loads<'f32'>>()
    expectTypeOf(imageLoader(fromHuggingFacePreprocessor({}))).toEqualTypeOf<Loads<'f32'>>()
  })

  it('infers bytes', () => {
    expectTypeOf(imageLoader()).toEqualTypeOf<Loads<'u8'>>()
    expectTypeOf(imageLoader({})).toEqualTypeOf<Loads<'u8'>>()
    expectTypeOf(imageLoader({ preset: 'descriptor' })).toEqualTypeOf<Loads<'u8'>>()
    expectTypeOf(imageLoader({ layout: 'nchw', resize: { shorterSide: 9 } })).toEqualTypeOf<Loads<'u8'>>()
    expectTypeOf(imageLoader({ preset: 'caffe-227', dtype: 'u8', mean: 0 })).toEqualTypeOf<Loads<'u8'>>()
  })

  it('leaves open what the configuration leaves open', () => {
    const config = {} as ImageLoaderConfig
    expectTypeOf(imageLoader(config)).toEqualTypeOf<VectorLoader<ImageInput, Tensor<'f32'> | Tensor<'u8'>>>()
  })

  it('refuses what the configuration does not have', () => {
    // @ts-expect-error a misspelt field
    imageLoader({ preset: 'caffe-227', kernl: 'cubic' })
    // @ts-expect-error an unknown preset
    imageLoader({ preset: 'caffe' })
    // @ts-expect-error two ways of resizing are caught when it runs, none of the known ones here
    imageLoader({ resize: { longerSide: 3 } })
  })

  it('is a plugin', () => {
    expectTypeOf(imageLoader).toExtend<Plugin<ImageLoaderSettings, ImageLoader>>()
    expectTypeOf(createRegistry).toBeCallableWith([imageLoader])
  })
})
