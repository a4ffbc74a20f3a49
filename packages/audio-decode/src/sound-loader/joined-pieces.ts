// A recording in one piece: pieces put together as they come, in memory that goes from one recording to the next.

import { inSlices, scratchMemory } from '@cbir/core/define'

/** Samples that are put together as they come, 16 MB: more of them are not copied from one memory to a larger one at once. */
const SHORT = 1 << 22
/** Samples for which there is room at first, where the header does not say how many there are. */
const FIRST = 1 << 16
/** Samples copied between two looks at the clock. */
const JOINED = 1 << 18

export class JoinedPieces {
  /** A piece that is alone stays where it is. */
  private alone: Float32Array | undefined
  private short: Float32Array = new Float32Array(0)
  private filled = 0
  /** What comes when the short memory is full. */
  private readonly others: Float32Array[] = []
  private readonly declared: number

  /** @param declared how many samples there will be, if the header says it and is right */
  constructor(declared: number = FIRST) {
    this.declared = declared
  }

  add(piece: Float32Array): void {
    if (this.filled === 0 && !this.alone) {
      this.alone = piece
      return
    }
    if (this.alone) this.put(this.alone)
    this.alone = undefined
    this.put(piece)
  }

  /** All of them, until `release`. */
  async samples(): Promise<Float32Array> {
    if (this.alone) return this.alone
    const begin = this.short.subarray(0, this.filled)
    return this.others.length === 0 ? begin : joined([begin, ...this.others])
  }

  release(): void {
    scratchMemory.giveBack(this.short)
    this.short = new Float32Array(0)
  }

  private put(piece: Float32Array): void {
    const end = this.filled + piece.length
    if (this.others.length > 0 || end > SHORT) {
      this.others.push(piece)
      return
    }
    if (end > this.short.length) this.grow(Math.max(end, this.short.length === 0 ? this.declared : 2 * this.short.length))
    this.short.set(piece, this.filled)
    this.filled = end
  }

  private grow(length: number): void {
    const longer = scratchMemory.floats(Math.min(SHORT, length))
    longer.set(this.short)
    scratchMemory.giveBack(this.short)
    this.short = longer
  }
}

async function joined(parts: readonly Float32Array[]): Promise<Float32Array> {
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  const join = (from: number, to: number): void => {
    for (const part of parts.slice(from, to)) {
      samples.set(part, at)
      at += part.length
    }
  }
  await inSlices(parts.length, Math.max(1, Math.floor((JOINED * parts.length) / samples.length)), join)
  return samples
}
