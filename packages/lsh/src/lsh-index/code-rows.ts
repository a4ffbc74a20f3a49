// CodeRows: the code of each row, packed, and which rows share a code: for each row of the hash index a chain of rows of the LSH index.
//
// "Code row" is the number that the hash index has given to a code, "row" that of a vector. All memory is in typed arrays that grow by doubling.

import { type BitBatch, bitStride } from '@cbir/core'
import { inSlices, type RowBitmap } from '@cbir/core/define'
import type { CodeView } from './rerank-engine.ts'

/** No row: the end of a chain, or a row without a link. */
const NONE = -1
/** Rows that are handled between two looks at the clock. */
const STEP = 4096
/** Bytes that are copied between two looks at the clock when memory grows. */
const COPY_BYTES = 1 << 20

export class CodeRows implements CodeView {
  readonly bits: number
  readonly stride: number
  /** The code of row r: `stride` bytes from `r * stride` on. */
  data: Uint8Array = new Uint8Array(0)
  rows = 0
  /** Rows that hold something. */
  count = 0
  /** Codes that have a row. */
  codes = 0
  /** The first row of each code row. */
  private heads = new Int32Array(0)
  /** The neighbours of a row in its chain. */
  private next = new Int32Array(0)
  private previous = new Int32Array(0)
  /** The code row of each row. */
  private codeRows = new Int32Array(0)
  /** 1 for rows that hold something. */
  private live = new Uint8Array(0)
  /** The last query that met a code row: a hash index that gives a code twice must not bring its rows twice. */
  private met = new Uint32Array(0)
  private query = 0

  constructor(bits: number) {
    this.bits = bits
    this.stride = bitStride(bits)
  }

  /** Makes room for `rows` rows in all, and for code rows below `codeRows`. After it nothing below takes memory. */
  async reserve(rows: number, codeRows: number): Promise<void> {
    if (rows > this.next.length) {
      const room = Math.max(rows, Math.ceil(this.next.length * 1.5), 64)
      const data = new Uint8Array(room * this.stride)
      const next = new Int32Array(room).fill(NONE)
      const previous = new Int32Array(room).fill(NONE)
      const of = new Int32Array(room).fill(NONE)
      await copyIn(data, this.data)
      await copyIn(next, this.next)
      await copyIn(previous, this.previous)
      await copyIn(of, this.codeRows)
      const live = new Uint8Array(room)
      await copyIn(live, this.live)
      this.live = live
      this.data = data
      this.next = next
      this.previous = previous
      this.codeRows = of
    }
    if (codeRows > this.heads.length) {
      const heads = new Int32Array(Math.max(codeRows, Math.ceil(this.heads.length * 1.5), 64)).fill(NONE)
      await copyIn(heads, this.heads)
      this.heads = heads
      this.met = new Uint32Array(heads.length)
    }
  }

  /** From now on there are `rows` rows; room was made for them. */
  resize(rows: number): void {
    this.rows = rows
  }

  /** Says of all rows that they hold something. */
  markAll(): void {
    this.live.fill(1, 0, this.rows)
    this.count = this.rows
  }

  /** Says of some rows whether they hold something. */
  mark(rows: Uint32Array, live: boolean): Promise<void> {
    return inSlices(rows.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        this.count += Number(live) - this.live[rows[i]!]!
        this.live[rows[i]!] = Number(live)
      }
    })
  }

  /** The rows that hold something and are allowed, in order. */
  async liveRows(allow?: RowBitmap): Promise<Uint32Array> {
    const rows = new Uint32Array(this.count)
    let at = 0
    await inSlices(this.rows, STEP, (from, to) => {
      for (let row = from; row < to; row++) {
        if (this.live[row] && (!allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0)) rows[at++] = row
      }
    })
    return rows.subarray(0, at)
  }

  /** Sets code *i* of a batch for `rows[i]`. */
  set(rows: Uint32Array, codes: BitBatch): Promise<void> {
    const { stride } = this
    return inSlices(rows.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        const at = rows[i]! * stride
        for (let j = 0; j < stride; j++) this.data[at + j] = codes.data[i * stride + j]!
      }
    })
  }

  /** Sets the codes of the rows from `first` on. */
  setFrom(first: number, codes: BitBatch): void {
    this.data.set(codes.data, first * this.stride)
  }

  /** A copy of the codes of the rows `from … to - 1`. */
  slice(from: number, to: number): BitBatch {
    const { bits, stride } = this
    return { data: this.data.slice(from * stride, to * stride), count: to - from, bits, stride }
  }

  /** A copy of the codes of some rows. */
  pick(rows: ArrayLike<number>): BitBatch {
    const { bits, stride } = this
    const data = new Uint8Array(rows.length * stride)
    for (let i = 0; i < rows.length; i++) {
      const at = rows[i]! * stride
      for (let j = 0; j < stride; j++) data[i * stride + j] = this.data[at + j]!
    }
    return { data, count: rows.length, bits, stride }
  }

  /** The code row of each of some rows, -1 where a row has no link. */
  codeRowsOf(rows: Uint32Array): Int32Array {
    return Int32Array.from(rows, (row) => this.codeRows[row]!)
  }

  /** Whether a code row has no row. */
  isEmpty(codeRow: number): boolean {
    return (this.heads[codeRow] ?? NONE) === NONE
  }

  /** Links each of some rows to its code row in the place of the link it has; -1: to none. Takes no memory and cannot fail. */
  link(rows: Uint32Array, codeRows: Int32Array): Promise<void> {
    return inSlices(rows.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) this.move(rows[i]!, codeRows[i]!)
    })
  }

  /** Takes away every link. */
  unlinkAll(): void {
    this.heads.fill(NONE)
    this.next.fill(NONE)
    this.previous.fill(NONE)
    this.codeRows.fill(NONE)
    this.codes = 0
  }

  /**
   * Writes the rows of the code rows `codeRows[from … to - 1]` to `into` from `at` on, code by code, until `limit` are there; only rows that are
   * allowed. Gives where it ended. Code rows that are not known are passed over.
   */
  gather(codeRows: Uint32Array, from: number, to: number, limit: number, allow: Uint8Array | undefined, into: Uint32Array, at: number): number {
    const { heads, next, met } = this
    const end = at + limit
    this.query = (this.query + 1) >>> 0
    const query = this.query
    for (let i = from; i < to && at < end; i++) {
      const codeRow = codeRows[i]!
      if (codeRow >= heads.length || met[codeRow] === query) continue
      met[codeRow] = query
      for (let row = heads[codeRow]!; row !== NONE && at < end; row = next[row]!) {
        if (allow === undefined || (allow[row >> 3]! & (1 << (row & 7))) !== 0) into[at++] = row
      }
    }
    return at
  }

  private move(row: number, codeRow: number): void {
    const { heads, next, previous, codeRows } = this
    const old = codeRows[row]!
    if (old === codeRow) return
    if (old !== NONE) {
      const before = previous[row]!
      const after = next[row]!
      if (before === NONE) heads[old] = after
      else next[before] = after
      if (after !== NONE) previous[after] = before
      if (heads[old] === NONE) this.codes--
    }
    codeRows[row] = codeRow
    previous[row] = NONE
    if (codeRow === NONE) {
      next[row] = NONE
      return
    }
    const first = heads[codeRow]!
    next[row] = first
    if (first !== NONE) previous[first] = row
    else this.codes++
    heads[codeRow] = row
  }
}

function copyIn<A extends Uint8Array | Int32Array>(to: A, from: A): Promise<void> {
  const step = COPY_BYTES / from.BYTES_PER_ELEMENT
  return inSlices(from.length, step, (begin, end) => to.set(from.subarray(begin, end), begin))
}
