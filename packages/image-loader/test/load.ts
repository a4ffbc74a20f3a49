// What the tests share: one-line loading, small pictures, and a data element.

import { createHash } from 'node:crypto'
import type { CallOptions, DataElement, VectorLoader } from '@cbir/core'
import sharp from 'sharp'
import type { ImageInput, ImageTensor } from '../src/index.ts'

/** The single tensor of an input. */
export async function loadOne<T extends ImageTensor>(loader: VectorLoader<ImageInput, T>, input: ImageInput, options?: CallOptions): Promise<T> {
  const tensors: T[] = []
  for await (const part of loader.load(input, options)) tensors.push(part.value)
  if (tensors.length !== 1) throw new Error(`expected one tensor, got ${tensors.length}`)
  return tensors[0]!
}

/** A lossless file of these RGB pixels. */
export function png(pixels: Uint8Array, width: number, height: number, channels: 1 | 2 | 3 | 4 = 3): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels } }).png().toBuffer()
}

/** A lossless file of one colour. */
export function solid(width: number, height: number, [r, g, b]: readonly [number, number, number]): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer()
}

/** A data element in memory that counts how often it is read; `bytes` may be replaced. */
export class CountedElement implements DataElement {
  readonly kind = 'data-element'
  readonly name = 'counted-element'
  readonly apiVersion = 1
  readonly writable = true
  readonly label: string
  content: Uint8Array
  reads = 0

  constructor(content: Uint8Array, label = 'photo.png') {
    this.content = content
    this.label = label
  }

  async bytes(): Promise<Uint8Array> {
    this.reads++
    return this.content.slice()
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    yield this.content.slice()
  }

  async digest(algorithm: string): Promise<string> {
    return createHash(algorithm).update(this.content).digest('hex')
  }

  uuid(): Promise<string> {
    return this.digest('sha1')
  }

  async contentType(): Promise<string> {
    return 'image/png'
  }

  async isEmpty(): Promise<boolean> {
    return this.content.length === 0
  }

  async setBytes(bytes: Uint8Array): Promise<void> {
    this.content = bytes
  }

  toConfig(): never {
    throw new Error('not needed here')
  }
}
