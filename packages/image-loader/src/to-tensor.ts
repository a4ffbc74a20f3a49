// From decoded pixels to the finished tensor: placed in its frame, channels ordered, scaled and normalised, laid out. One pass.

import type { Tensor } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import type { ImageGeometry } from './image-geometry.ts'
import type { ImageLoaderSettings, Rgb } from './image-loader-config.ts'
import type { MemoryPool } from './memory-pool.ts'
import type { PixelRows } from './raster.ts'
import { luma, type RowShape, writeColourRow, writeColourWords, writeGreyRow, writeGreyWords } from './write-rows.ts'

export type ImageTensor = Tensor<'f32'> | Tensor<'u8'>

/** Pixels written between two looks at the clock: a few tenths of a millisecond, enlargement included. */
const STEP = 1 << 13

/** Makes tensors of one kind; what depends on the settings alone is computed once. */
export class TensorWriter {
  private readonly settings: ImageLoaderSettings
  private readonly memory: MemoryPool
  /** What each of the 256 bytes becomes, channel after channel: a look-up is several times faster than the arithmetic. */
  private readonly table: Float32Array
  private readonly pad: readonly number[]

  constructor(settings: ImageLoaderSettings, memory: MemoryPool) {
    const { channels, dtype, scale, mean, std, padColour } = settings
    this.settings = settings
    this.memory = memory
    const bytes = Float32Array.from({ length: 256 * mean.length }, (_, i) => i % 256)
    this.table = dtype === 'u8' ? bytes : bytes.map((byte, i) => (byte * scale - mean[i >> 8]!) / std[i >> 8]!)
    this.pad = orderChannels(padColour, channels).map((byte, channel) => this.table[256 * channel + byte]!)
  }

  /** `pixels` are the kept part of the picture. Their memory may become the tensor's. @throws CbirError ABORTED */
  async write(pixels: PixelRows, geometry: Pick<ImageGeometry, 'frame' | 'left' | 'top'>, signal?: AbortSignal): Promise<ImageTensor> {
    const { frame } = geometry
    const { channels, dtype, layout } = this.settings
    const count = channels === 'grey' ? 1 : 3
    const planar = layout === 'nchw'
    const shape = planar ? [count, frame.height, frame.width] : [frame.height, frame.width, count]
    const axes = planar ? ['channel', 'height', 'width'] : ['height', 'width', 'channel']
    const fills = pixels.width === frame.width && pixels.height === frame.height
    if (dtype === 'u8' && channels === 'rgb' && !planar && fills && pixels.whole) return { dtype, shape, axes, data: pixels.data }

    const area = frame.width * frame.height
    const step = planar ? 1 : count
    const plane = planar ? area : 1
    const length = count * area
    const data = dtype === 'f32' ? new Float32Array(this.memory.take(4 * length)) : new Uint8Array(this.memory.take(length))
    const writePixels = this.rowWriter(data, pixels, { count: pixels.width, step, plane, red: channels === 'bgr' ? 2 : 0 })
    const { left, top } = geometry
    const right = left + pixels.width
    const padRun = (at: number, run: number): void => {
      if (run === 0) return
      for (const [channel, value] of this.pad.entries()) {
        const from = at + channel * plane
        if (step === 1) data.fill(value, from, from + run)
        else for (let i = 0, o = from; i < run; i++, o += step) data[o] = value
      }
    }
    const writeRows = (from: number, to: number): void => {
      for (let row = from; row < to; row++) {
        const start = row * frame.width * step
        if (row < top || row >= top + pixels.height) {
          padRun(start, frame.width)
          continue
        }
        padRun(start, left)
        writePixels(pixels.row(row - top), start + left * step)
        padRun(start + right * step, frame.width - right)
      }
    }
    await inSlices(frame.height, Math.max(1, Math.floor(STEP / frame.width)), writeRows, signal)
    return { dtype, shape, axes, data } as ImageTensor
  }

  /** Writes the row of pixels that begins at `from` to `at`. */
  private rowWriter(data: Float32Array | Uint8Array, { data: source }: PixelRows, shape: RowShape): (from: number, at: number) => void {
    const grey = this.settings.channels === 'grey'
    if (data instanceof Uint8Array) {
      if (grey) return (from, at) => writeGreyRow(source, from, data, at, shape)
      if (shape.step === 3 && shape.red === 0) return (from, at) => data.set(source.subarray(from, from + 3 * shape.count), at)
      return (from, at) => writeColourRow(source, from, data, at, shape)
    }
    const words = new Int32Array(data.buffer)
    const table = new Int32Array(this.table.buffer)
    if (grey) return (from, at) => writeGreyWords(source, from, words, at, shape, table)
    return (from, at) => writeColourWords(source, from, words, at, shape, table)
  }
}

function orderChannels([red, green, blue]: Rgb, channels: ImageLoaderSettings['channels']): readonly number[] {
  if (channels === 'grey') return [luma(red, green, blue)]
  return channels === 'rgb' ? [red, green, blue] : [blue, green, red]
}
