// VectorChunks: room for vectors of one length, in contiguous chunks, so that a set of a million grows without copying what it has.

import { inSlices } from '../concurrency/in-slices.ts'

/** Numbers a chunk holds at least: 256 kB. */
const CHUNK = 1 << 16

/** Numbered places for vectors of `dimensions` numbers. A place that was freed is given out again. */
export class VectorChunks {
  readonly dimensions: number
  private readonly perChunk: number
  private readonly chunks: Float32Array[] = []
  private readonly free: number[] = []
  private used = 0

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.perChunk = Math.max(1, Math.floor(CHUNK / dimensions))
  }

  /** Allocates what `count` more vectors need, in slices, so that taking their places cannot fail. */
  reserve(count: number): Promise<void> {
    const chunks = Math.ceil((this.used + Math.max(0, count - this.free.length)) / this.perChunk) - this.chunks.length
    return inSlices(chunks, 1, () => void this.chunks.push(new Float32Array(this.perChunk * this.dimensions)))
  }

  /** A place for one vector, for which room was made. */
  take(): number {
    return this.free.pop() ?? this.used++
  }

  release(place: number): void {
    this.free.push(place)
  }

  /** Copies `dimensions` numbers from `data[from…]` to a place. */
  write(place: number, data: Float32Array, from: number): void {
    const begin = (place % this.perChunk) * this.dimensions
    this.chunkOf(place).set(data.subarray(from, from + this.dimensions), begin)
  }

  /** Copies the vector at a place to `into[to…]`. */
  read(place: number, into: Float32Array, to: number): void {
    const begin = (place % this.perChunk) * this.dimensions
    into.set(this.chunkOf(place).subarray(begin, begin + this.dimensions), to)
  }

  private chunkOf(place: number): Float32Array {
    return this.chunks[Math.floor(place / this.perChunk)]!
  }
}
