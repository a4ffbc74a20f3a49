// RowStorage: the vectors of the index, in contiguous blocks of about 1 MB, so that growing never copies what is there.

import type { CallOptions, ContainerWriter, OpenContainer, VectorBatch } from '@cbir/core'
import { inSlices, readVectors, writeVectors } from '@cbir/core/define'

/** Float32 numbers in a block: 1 MB, which stays in a core's cache while a batch of queries passes over it. */
const BLOCK_NUMBERS = 1 << 18
/** Numbers that are copied between two looks at the clock: about a tenth of a millisecond. */
const COPY_NUMBERS = 1 << 16

/** One block: `rows` vectors in `data`, and Σx² of each in `squaredNorms`. */
export interface Block {
  readonly data: Float32Array
  readonly squaredNorms: Float64Array
}

/** Dense rows of `dimensions` numbers; row *r* is row `r % rowsPerBlock` of block `⌊r / rowsPerBlock⌋`. */
export class RowStorage {
  readonly dimensions: number
  readonly rowsPerBlock: number
  readonly blocks: Block[] = []
  private readonly copyRows: number
  private rows = 0

  constructor(dimensions: number) {
    this.dimensions = dimensions
    this.rowsPerBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / dimensions))
    this.copyRows = Math.max(1, Math.floor(COPY_NUMBERS / dimensions))
  }

  get count(): number {
    return this.rows
  }

  /** Adds rows behind the last one. All memory is taken first, so that a failure changes nothing. */
  async append(vectors: VectorBatch): Promise<void> {
    const first = this.rows
    const needed = Math.ceil((first + vectors.count) / this.rowsPerBlock)
    const fresh: Block[] = []
    await inSlices(needed - this.blocks.length, 1, () => {
      fresh.push({ data: new Float32Array(this.rowsPerBlock * this.dimensions), squaredNorms: new Float64Array(this.rowsPerBlock) })
    })
    for (const block of fresh) this.blocks.push(block)
    await inSlices(vectors.count, this.copyRows, (from, to) => {
      for (let i = from; i < to; i++) this.put(first + i, vectors.data, i)
    })
    this.rows += vectors.count
  }

  /** Puts row *i* of `vectors` in the place of `rows[i]`. */
  overwrite(rows: Uint32Array, vectors: VectorBatch): Promise<void> {
    return inSlices(rows.length, this.copyRows, (from, to) => {
      for (let i = from; i < to; i++) this.put(rows[i]!, vectors.data, i)
    })
  }

  /** Writes all rows as little-endian float32, row-major. */
  save(writer: ContainerWriter): Promise<void> {
    return writeVectors(writer, this.bytes())
  }

  /** Reads what `save` wrote. @throws CbirError CORRUPT_DATA */
  static async load(
    container: OpenContainer,
    shape: { readonly dimensions: number; readonly rows: number },
    options: CallOptions,
  ): Promise<RowStorage> {
    const storage = new RowStorage(shape.dimensions)
    await readVectors(container, shape, options, (vectors) => storage.append(vectors))
    return storage
  }

  private put(row: number, source: Float32Array, at: number): void {
    const { dimensions, rowsPerBlock } = this
    const { data, squaredNorms } = this.blocks[Math.floor(row / rowsPerBlock)]!
    const place = row % rowsPerBlock
    const from = at * dimensions
    const to = place * dimensions
    let squaredNorm = 0
    for (let j = 0; j < dimensions; j++) {
      const x = source[from + j]!
      data[to + j] = x
      squaredNorm += x * x
    }
    squaredNorms[place] = squaredNorm
  }

  private *bytes(): Generator<Uint8Array, void, undefined> {
    let left = this.rows
    for (const { data } of this.blocks) {
      const rows = Math.min(left, this.rowsPerBlock)
      if (rows > 0) yield new Uint8Array(data.buffer, 0, rows * this.dimensions * 4)
      left -= rows
    }
  }
}
