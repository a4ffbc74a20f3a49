// RowTable: which uid stands in which row, which rows are free, and which are live.

import { UidMap } from '../vectors/uid-map.ts'
import type { RowBitmap } from './dense-rows-driver.ts'

/** The two-way map between uids and dense rows. Freed rows are given out again, the last freed first. */
export class RowTable {
  private readonly rows = new UidMap<number>()
  private readonly uids: (string | undefined)[] = []
  private readonly freed: number[] = []
  private bits = new Uint8Array(64)

  /** Named rows. */
  get count(): number {
    return this.rows.size
  }

  /** Rows ever used, holes included. */
  get size(): number {
    return this.uids.length
  }

  get hasHoles(): boolean {
    return this.rows.size < this.uids.length
  }

  has(uid: string): boolean {
    return this.rows.has(uid)
  }

  rowOf(uid: string): number | undefined {
    return this.rows.get(uid)
  }

  uidAt(row: number): string | undefined {
    return this.uids[row]
  }

  /** The live rows. Valid until the next change. */
  live(): RowBitmap {
    return { bits: this.bits, count: this.rows.size }
  }

  /** Names the row behind the last one. False, and nothing changed, where the uid has a row already. */
  push(uid: string): boolean {
    const row = this.uids.length
    if (!this.rows.add(uid, row)) return false
    this.pushRow(uid)
    this.bits[row >> 3]! |= 1 << (row & 7)
    return true
  }

  /** A row behind the last one without a name: a hole that can be given out. */
  pushHole(): void {
    this.pushRow(undefined)
    this.freed.push(this.uids.length - 1)
  }

  /** Names a free row with a uid that has none. */
  name(row: number, uid: string): void {
    this.rows.set(uid, row)
    this.uids[row] = uid
    this.bits[row >> 3]! |= 1 << (row & 7)
  }

  /** The free rows that the next `count` new uids should take; they stay free until named. */
  freeRows(count: number): number[] {
    return count === 0 ? [] : this.freed.slice(-count).reverse()
  }

  /** Removes `count` rows from the free list, as `freeRows` gave them. */
  takeFreeRows(count: number): void {
    this.freed.length -= count
  }

  remove(uid: string): void {
    const row = this.rows.get(uid)
    if (row === undefined) return
    this.rows.delete(uid)
    this.leave(row)
  }

  private leave(row: number): void {
    this.uids[row] = undefined
    this.bits[row >> 3]! &= ~(1 << (row & 7))
    this.freed.push(row)
  }

  private pushRow(uid: string | undefined): void {
    this.uids.push(uid)
    if (this.uids.length > this.bits.length * 8) {
      const wider = new Uint8Array(this.bits.length * 2)
      wider.set(this.bits)
      this.bits = wider
    }
  }
}
