// Shared content: what of an index stands outside of its own memory, in the hash index and in stores that were given to it. Changed whole or put back.

import { type BitBatch, CbirError, type VectorBatch } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { moveUids, writeLists } from './hash-to-uids.ts'
import { canAdd, canRemove, keyOf, knownRows, type LshParts, pickCodes, rowsOf } from './lsh-parts.ts'
import type { LshRows } from './lsh-rows.ts'
import type { RerankEngine } from './rerank-engine.ts'
import { checkStored, dropVectors, putVectors, SET_BATCH } from './stored-vectors.ts'
import { Undo } from './undo.ts'

/** Codes that a hash index gets in one batch. */
const CODE_BATCH = 1 << 14
/** Rows that are handled between two looks at the clock. */
const STEP = 1024

export class SharedContent {
  private readonly parts: LshParts
  private readonly engine: RerankEngine

  constructor(parts: LshParts, engine: RerankEngine) {
    this.parts = parts
    this.engine = engine
  }

  /**
   * Puts `next` in the place of `old` (undefined: nothing): uids and vectors into the stores, codes into the hash index. `old` goes on by itself
   * from here on. Gives what takes it back; takes it back itself where it throws.
   */
  async takeOver(next: LshRows, old: LshRows | undefined, keepStores: boolean): Promise<() => Promise<void>> {
    const undo = new Undo()
    if (old) await this.setApart(old)
    const takeBack = async (): Promise<void> => {
      // Where the parts could not be put back, the old content goes on by itself.
      if ((await undo.run()) && old) this.settle(old)
    }
    try {
      if (!keepStores) await this.writeStores(next, old, undo)
      undo.add(() => (old ? this.putCodes(old) : this.emptyHashIndex(next)))
      await this.putCodes(next)
      this.settle(next)
    } catch (error) {
      await takeBack()
      throw error
    }
    return takeBack
  }

  /** The parts hold the content of a state: vectors that are in a set leave memory. */
  settle(state: LshRows): void {
    state.phase = 'shared'
    if (!this.parts.descriptorSet) return
    state.vectors?.close()
    state.vectors = undefined
  }

  /** Makes the hash index hold the codes of a state, if it does not already, and links its rows to them. */
  async putCodes(state: LshRows): Promise<void> {
    const { hashIndex } = this.parts
    const { codes } = state
    const rows = await codes.liveRows()
    const agrees = hashIndex.count > 0 && hashIndex.bits === codes.bits && (await this.link(state, rows, false)) && codes.codes === hashIndex.count
    if (agrees) return
    codes.unlinkAll()
    const batches = function* (): Generator<BitBatch> {
      for (let from = 0; from < rows.length; from += CODE_BATCH) yield codes.pick(rows.subarray(from, from + CODE_BATCH))
    }
    if (rows.length > 0) await hashIndex.build(batches())
    await this.link(state, rows, true)
  }

  /** Links rows to the code rows of the hash index; false, where it does not know one and need not. */
  private async link({ codes }: LshRows, rows: Uint32Array, known: boolean): Promise<boolean> {
    codes.unlinkAll()
    for (let from = 0; from < rows.length; from += CODE_BATCH) {
      const some = rows.subarray(from, from + CODE_BATCH)
      const batch = codes.pick(some)
      const codeRows = known ? await knownRows(this.parts, batch) : await rowsOf(this.parts.hashIndex, batch)
      if (codeRows.includes(-1)) return false
      await codes.reserve(codes.rows, highest(codeRows) + 1)
      await codes.link(some, codeRows)
    }
    return true
  }

  private async emptyHashIndex({ codes }: LshRows): Promise<void> {
    const { hashIndex } = this.parts
    if (!canRemove(hashIndex)) return
    const seen = new Set<string>()
    for (let from = 0; from < codes.rows; from += CODE_BATCH) {
      const batch = codes.slice(from, Math.min(codes.rows, from + CODE_BATCH))
      const at = await rowsOf(hashIndex, batch)
      const there: number[] = []
      await inSlices(batch.count, STEP, (begin, end) => {
        for (let i = begin; i < end; i++) {
          const key = keyOf(batch, i)
          if (at[i]! >= 0 && !seen.has(key)) there.push(i)
          seen.add(key)
        }
      })
      if (there.length > 0) await hashIndex.remove(pickCodes(batch, there))
    }
  }

  /** From now on `state` answers from its own memory: it reads from the set what is there alone. */
  private async setApart(state: LshRows): Promise<void> {
    const { descriptorSet } = this.parts
    if (state.phase === 'apart') return
    if (descriptorSet && !state.vectors) {
      const vectors = this.engine.rows(state.dimensions)
      const { uids = [], codes } = state
      const live = new Set(await codes.liveRows())
      for (let from = 0; from < codes.rows; from += SET_BATCH) {
        const to = Math.min(codes.rows, from + SET_BATCH)
        const there = Array.from({ length: to - from }, (_, i) => from + i).filter((row) => live.has(row))
        const data = new Float32Array((to - from) * state.dimensions)
        const got = new Float32Array(there.length * state.dimensions)
        if (there.length > 0) {
          const names = there.map((row) => uids[row] ?? '')
          checkStored(descriptorSet.name, await descriptorSet.getVectors(names, got), state.dimensions)
        }
        there.forEach((row, i) => {
          data.set(got.subarray(i * state.dimensions, (i + 1) * state.dimensions), (row - from) * state.dimensions)
        })
        await vectors.append({ data, count: to - from, dimensions: state.dimensions }, codes.rows - to, {})
      }
      state.vectors = vectors
    }
    state.phase = 'apart'
  }

  /** Uids and vectors of `next` into the stores, those that `old` alone had out of them. */
  private async writeStores(next: LshRows, old: LshRows | undefined, undo: Undo): Promise<void> {
    const { descriptorSet, hashToUids } = this.parts
    const { uids = [], codes, vectors, dimensions } = next
    if (descriptorSet && vectors) {
      for (let from = 0; from < uids.length; from += SET_BATCH) {
        const some = uids.slice(from, from + SET_BATCH)
        await putVectors(descriptorSet, some, { data: vectors.read(from, from + some.length), count: some.length, dimensions }, undo)
      }
    }
    if (hashToUids) {
      const lists = new Map<string, string[]>()
      const list = (state: LshRows, row: number, add: boolean): void => {
        const key = keyOf(state.codes, row)
        const held = lists.get(key) ?? []
        if (add) held.push(state.uids![row]!)
        lists.set(key, held)
      }
      const oldRows = (await old?.codes.liveRows()) ?? new Uint32Array(0)
      await inSlices(oldRows.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) list(old!, oldRows[i]!, false)
      })
      await inSlices(codes.rows, STEP, (from, to) => {
        for (let row = from; row < to; row++) list(next, row, true)
      })
      await writeLists(hashToUids, lists, undo)
    }
    if (descriptorSet && old) {
      const names = new Set<string>()
      await inSlices(uids.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) names.add(uids[i]!)
      })
      const rows = await old.codes.liveRows()
      const gone: string[] = []
      await inSlices(rows.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) {
          const uid = old.uids?.[rows[i]!] ?? ''
          if (!names.has(uid)) gone.push(uid)
        }
      })
      await dropVectors(descriptorSet, gone, old.dimensions, undo)
    }
  }

  /**
   * Writes rows of a shared state: `vectors` and their `codes` to `rows`, which may have others; or, without them, takes the rows away. Everything
   * outside changes, and the links; the caller sets codes and vectors in memory. What throws has put everything back.
   */
  async change(
    state: LshRows,
    rows: Uint32Array,
    uids: readonly string[],
    to?: { readonly vectors: VectorBatch; readonly codes: BitBatch },
  ): Promise<void> {
    const { hashIndex, descriptorSet, hashToUids } = this.parts
    const undo = new Undo()
    const before = state.codes.pick(rows)
    const linkedTo = state.codes.codeRowsOf(rows)
    try {
      let codeRows: Int32Array = new Int32Array(rows.length).fill(-1)
      if (to) {
        await this.addCodes(to.codes, undo)
        codeRows = await knownRows(this.parts, to.codes)
        await state.codes.reserve(state.codes.rows, highest(codeRows) + 1)
      }
      undo.add(() => state.codes.link(rows, linkedTo))
      await state.codes.link(rows, codeRows)
      if (descriptorSet) {
        if (to) await putVectors(descriptorSet, uids, to.vectors, undo)
        else await dropVectors(descriptorSet, uids, state.dimensions, undo)
      }
      if (hashToUids) await moveUids(hashToUids, uids, { codes: before, has: (i) => linkedTo[i]! >= 0 }, to?.codes, undo)
      const emptied = new Set<number>()
      const last: number[] = []
      linkedTo.forEach((codeRow, i) => {
        if (codeRow < 0 || emptied.has(codeRow) || !state.codes.isEmpty(codeRow)) return
        emptied.add(codeRow)
        last.push(i)
      })
      // Last, as it happens whole or not at all.
      if (last.length > 0 && canRemove(hashIndex)) await hashIndex.remove(pickCodes(before, last))
    } catch (error) {
      await undo.run()
      throw error
    }
  }

  /** Adds codes to the hash index. */
  private async addCodes(codes: BitBatch, undo: Undo): Promise<void> {
    const { hashIndex } = this.parts
    const at = await rowsOf(hashIndex, codes)
    const fresh = new Map<string, number>()
    at.forEach((row, i) => {
      if (row < 0) fresh.set(keyOf(codes, i), i)
    })
    if (fresh.size === 0) return
    if (!canAdd(hashIndex)) throw new CbirError('NOT_SUPPORTED', `${hashIndex.name} takes no more codes after its build. Build the index again.`)
    const added = pickCodes(codes, [...fresh.values()])
    undo.add(async () => {
      // An update that failed may still have added some of them.
      const there = await rowsOf(hashIndex, added)
      const which = [...there.keys()].filter((i) => there[i]! >= 0)
      if (which.length > 0 && canRemove(hashIndex)) await hashIndex.remove(pickCodes(added, which))
    })
    await hashIndex.update([added])
  }
}

function highest(rows: Int32Array): number {
  let most = -1
  for (const row of rows) if (row > most) most = row
  return most
}
