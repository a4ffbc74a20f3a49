// The image loader: a photo becomes one tensor.

import { availableParallelism } from 'node:os'
import { type CallOptions, CbirError, definePlugin, defineVectorLoader, type Part, type Plugin, type Tensor, type VectorLoader } from '@cbir/core'
import { inSlices, Semaphore, throwIfAborted } from '@cbir/core/define'
import { configSchema } from './config-schema.ts'
import { decodeError, decodeImage } from './decode-image.ts'
import { type ImageInput, openInput } from './image-input.ts'
import type { BytePreset, FloatPreset, ImageLoaderConfig, ImageLoaderSettings } from './image-loader-config.ts'
import { LentTensors } from './lent-tensors.ts'
import { MemoryPool } from './memory-pool.ts'
import { SharedDecodes } from './shared-decodes.ts'
import { loadSharp, type Sharp, sharpUsability } from './sharp-library.ts'
import { type ImageTensor, TensorWriter } from './to-tensor.ts'

const NAME = 'image-loader'
const PACKAGE = '@cbir/image-loader'

/** Raised whenever this package would compute other numbers from the same pixels of libvips. */
const ALGORITHM = 1

/** Loads pictures as tensors of one element type. */
export type ImageLoader<T extends ImageTensor = ImageTensor> = VectorLoader<ImageInput, T>

/**
 * Makes an image loader, and is its plugin. The element type of the tensors follows from the configuration: from `dtype`, else from the preset,
 * else bytes.
 * @throws CbirError INVALID_CONFIG; NOT_USABLE where sharp does not load
 */
export interface ImageLoaderFactory extends Plugin<ImageLoaderSettings, ImageLoader> {
  (config: ImageLoaderConfig & { readonly dtype: 'f32' }): ImageLoader<Tensor<'f32'>>
  (config: ImageLoaderConfig & { readonly dtype: 'u8' }): ImageLoader<Tensor<'u8'>>
  (config: ImageLoaderConfig & { readonly dtype?: undefined; readonly preset: FloatPreset }): ImageLoader<Tensor<'f32'>>
  (config?: ImageLoaderConfig & { readonly dtype?: undefined; readonly preset?: BytePreset | undefined }): ImageLoader<Tensor<'u8'>>
  (config: ImageLoaderConfig): ImageLoader
}

export const imageLoader: ImageLoaderFactory = definePlugin<ImageLoaderConfig, ImageLoaderSettings, ImageLoader>({
  kind: 'vector-loader',
  interfaces: ['VectorLoader'],
  name: NAME,
  package: PACKAGE,
  configSchema,
  usability: sharpUsability,
  create: createImageLoader,
}) as ImageLoaderFactory

function createImageLoader(settings: ImageLoaderSettings): ImageLoader {
  const sharp = loadSharp()
  const memory = new MemoryPool()
  const lent = new LentTensors(memory)
  const writer = new TensorWriter(settings, memory)
  const gate = new Semaphore(placesOf(settings.concurrency))
  const decodes = new SharedDecodes<ImageTensor>({
    decode: (bytes, signal) =>
      gate.run(async () => {
        const { pixels, geometry } = await decodeImage(sharp, bytes, settings, signal)
        return writer.write(pixels, geometry, signal)
      }, signal),
    copy: (tensor) => copyTensor(tensor, memory),
  })

  async function load(input: ImageInput, options: CallOptions): Promise<readonly Part<ImageTensor>[]> {
    const image = openInput(input)
    const read = async (): Promise<Uint8Array> => {
      const bytes = await image.read(options)
      if (bytes.length > 0) return bytes
      throw new CbirError('EMPTY', `${image.label} is empty: it has no bytes. Get it again, or leave it out.`)
    }
    try {
      const value = lent.lend(await decodes.load(image.key, read, options.signal))
      options.onProgress?.({ done: 1, total: 1 })
      return [{ value }]
    } catch (error) {
      if (!CbirError.isInstance(error)) throwIfAborted(options.signal)
      throw decodeError(error, image.label, settings)
    }
  }

  const config = settings as unknown as Readonly<Record<string, unknown>>
  return defineVectorLoader(
    { name: NAME, package: PACKAGE, config },
    { fingerprint: fingerprintOf(settings, sharp), load, release: (tensor) => lent.release(tensor) },
  )
}

/**
 * Everything that decides about the numbers: the settings without those that only bound the work, this package's algorithm, and libvips by major
 * and minor version. Its patch releases mend errors and keep pixels; a new minor version may round or shrink differently.
 */
function fingerprintOf({ limitInputPixels: _limit, concurrency: _concurrency, ...rest }: ImageLoaderSettings, sharp: Sharp): string {
  const libvips = sharp.versions.vips.split('.').slice(0, 2).join('.')
  return `${ALGORITHM}:libvips-${libvips}:${JSON.stringify(rest)}`
}

/** Each decode holds its picture's memory. At most 3, so that of libuv's four threads, which sharp works on, one stays free for files and name look-ups. */
function placesOf(concurrency: ImageLoaderSettings['concurrency']): number {
  return concurrency === 'auto' ? Math.min(3, availableParallelism()) : concurrency
}

/** Numbers copied between two looks at the clock: well below a millisecond. */
const COPY_STEP = 1 << 17

async function copyTensor(tensor: ImageTensor, memory: MemoryPool): Promise<ImageTensor> {
  const { length, byteLength } = tensor.data
  const buffer = memory.take(byteLength)
  const data = tensor.dtype === 'f32' ? new Float32Array(buffer) : new Uint8Array(buffer)
  await inSlices(length, COPY_STEP, (from, to) => data.set(tensor.data.subarray(from, to), from))
  return { ...tensor, data } as ImageTensor
}
