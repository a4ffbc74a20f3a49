// From decoded pixels to the finished tensor: placed in its frame, channels ordered, scaled and normalised, laid out. One pass.

import type { Tensor } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import type { ImageGeometry } from './image-geometry.ts'
import type { ImageLoaderSettings, Rgb } from './image-loader-config.ts'
import type { Raster } from './raster.ts'

export type ImageTensor = Tensor<'f32'> | Tensor<'u8'>

type Values = Float32Array | Uint8Array

/** Pixels written between two looks at the clock: well below a millisecond. */
const STEP = 1 << 14

/** Luma of ITU-R BT.601 in 16-bit fixed point, as Pillow's mode `L`. */
function luma(red: number, green: number, blue: number): number {
  return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16
}

/** Makes tensors of one kind; what depends on the settings alone is computed once. */
export class TensorWriter {
  private readonly settings: ImageLoaderSettings
  /** For each channel, what each of the 256 bytes becomes: a look-up is several times faster than the arithmetic. */
  private readonly tables: readonly Values[]
  private readonly pad: readonly number[]

  constructor(settings: ImageLoaderSettings) {
    const { channels, dtype, scale, mean, std, padColour } = settings
    this.settings = settings
    this.tables = mean.map((shift, channel) => {
      const table = dtype === 'f32' ? new Float32Array(256) : new Uint8Array(256)
      for (let byte = 0; byte < 256; byte++) table[byte] = dtype === 'f32' ? (byte * scale - shift) / std[channel]! : byte
      return table
    })
    const colour = orderChannels(padColour, channels)
    this.pad = colour.map((byte, channel) => this.tables[channel]![byte]!)
  }

  /** `raster` is the kept part of the picture. Its memory may become the tensor's. @throws CbirError ABORTED */
  async write(raster: Raster, { frame, left, top }: Pick<ImageGeometry, 'frame' | 'left' | 'top'>, signal?: AbortSignal): Promise<ImageTensor> {
    const { channels, dtype, layout } = this.settings
    const count = channels === 'grey' ? 1 : 3
    const planar = layout === 'nchw'
    const shape = planar ? [count, frame.height, frame.width] : [frame.height, frame.width, count]
    const axes = planar ? ['channel', 'height', 'width'] : ['height', 'width', 'channel']
    const whole = raster.width === frame.width && raster.height === frame.height
    if (dtype === 'u8' && channels === 'rgb' && !planar && whole) return { dtype, shape, axes, data: raster.data }

    const pixels = frame.width * frame.height
    const data: Values = dtype === 'f32' ? new Float32Array(count * pixels) : new Uint8Array(count * pixels)
    const step = planar ? 1 : count
    const plane = planar ? pixels : 1
    const writeRow = (row: number): void => {
      const start = row * frame.width * step
      if (row < top || row >= top + raster.height) {
        this.padRun(data, start, step, plane, frame.width)
      } else {
        const right = left + raster.width
        this.padRun(data, start, step, plane, left)
        this.copyRow(raster, row - top, data, start + left * step, step, plane)
        this.padRun(data, start + right * step, step, plane, frame.width - right)
      }
    }
    const writeRows = (from: number, to: number): void => {
      for (let row = from; row < to; row++) writeRow(row)
    }
    await inSlices(frame.height, Math.max(1, Math.floor(STEP / frame.width)), writeRows, signal)
    return { dtype, shape, axes, data } as ImageTensor
  }

  private padRun(data: Values, at: number, step: number, plane: number, length: number): void {
    for (let channel = 0; channel < this.pad.length; channel++) {
      const value = this.pad[channel]!
      for (let i = 0, o = at + channel * plane; i < length; i++, o += step) data[o] = value
    }
  }

  private copyRow({ data: source, width }: Raster, row: number, data: Values, at: number, step: number, plane: number): void {
    const begin = row * width * 3
    const end = begin + width * 3
    if (this.settings.channels === 'grey') {
      const table = this.tables[0]!
      for (let p = begin, o = at; p < end; p += 3, o += step) data[o] = table[luma(source[p]!, source[p + 1]!, source[p + 2]!)]!
      return
    }
    const [first, second, third] = this.tables as readonly [Values, Values, Values]
    const red = this.settings.channels === 'rgb' ? 0 : 2
    const blue = 2 - red
    for (let p = begin, o = at; p < end; p += 3, o += step) {
      data[o] = first[source[p + red]!]!
      data[o + plane] = second[source[p + 1]!]!
      data[o + 2 * plane] = third[source[p + blue]!]!
    }
  }
}

function orderChannels([red, green, blue]: Rgb, channels: ImageLoaderSettings['channels']): readonly number[] {
  if (channels === 'grey') return [luma(red, green, blue)]
  return channels === 'rgb' ? [red, green, blue] : [blue, green, red]
}
