// VectorChunks: room for vectors of one length, in contiguous chunks, so that a set of a million grows without copying what it has.

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

  /** Allocates what `count` more vectors need, so that taking their places cannot fail. */
  reserve(count: number): void {
    const needed = Math.ceil((this.used + Math.max(0, count - this.free.length)) / this.perChunk)
    while (this.chunks.length < needed) this.chunks.push(new Float32Array(this.perChunk * this.dimensions))
  }

  /** A place for one vector. */
  take(): number {
    const place = this.free.pop()
    if (place !== undefined) return place
    this.reserve(1)
    return this.used++
  }

  release(place: number): void {
    this.free.push(place)
  }

  /** The vector at a place, as a view. */
  at(place: number): Float32Array {
    const begin = (place % this.perChunk) * this.dimensions
    return this.chunks[Math.floor(place / this.perChunk)]!.subarray(begin, begin + this.dimensions)
  }
}
