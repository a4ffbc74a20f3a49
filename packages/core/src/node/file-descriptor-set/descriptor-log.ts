// DescriptorLog: the open log file with its index; appends, reads, and rewrites itself.

import { crc32 } from 'node:zlib'
import type { CallOptions } from '../../component/call-options.ts'
import { inSlices } from '../../concurrency/in-slices.ts'
import { ReadWriteLock } from '../../concurrency/read-write-lock.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import type { Attributes, DescriptorItems } from '../../descriptor-set/descriptor-set.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { corrupt } from '../container/corrupt.ts'
import type { FileSystem, OpenFile } from '../storage/file-system.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { fromFileOrder } from './float-bytes.ts'
import { encodeFileHeader, FILE_HEADER_BYTES, RECORD_HEAD_BYTES } from './log-format.ts'
import { type BatchRecords, type LogEnd, writeBatch, writeRows } from './log-writer.ts'
import { type Ranges, readRanges } from './read-ranges.ts'
import { replay } from './replay.ts'
import type { RowIndex } from './row-index.ts'

/** Rows and bytes that a rewrite holds at once; one batch of the new file. */
const REWRITE_ROWS = 1024
const REWRITE_BYTES = 1 << 22

/** When a batch counts as written: when the device has it, or when the system has. */
export type SyncPolicy = 'batch' | 'none'

/** A new log without batches. @throws CbirError IO_FAILED */
export function createLog(files: FileSystem, path: string, beside: string): Promise<void> {
  return replaceFile(files, path, beside, (file) => file.write(encodeFileHeader(), 0))
}

/** One change at a time; readers go on beside it, but for the moment in which the index changes. Core's checks have been made. */
export class DescriptorLog {
  /** Bytes of an unfinished batch that were cut off, or are left out, when the log was opened. */
  readonly cutBytes: number
  readonly index: RowIndex
  private readonly files: FileSystem
  private readonly path: string
  private readonly sync: SyncPolicy
  private readonly changes = new ReadWriteLock()
  private readonly swap = new ReadWriteLock()
  private file: OpenFile
  private end: LogEnd
  private sealed: boolean
  private broken: unknown

  private constructor(
    files: FileSystem,
    path: string,
    sync: SyncPolicy,
    file: OpenFile,
    index: RowIndex,
    end: LogEnd & { readonly sealed: boolean },
    cutBytes: number,
  ) {
    this.files = files
    this.path = path
    this.sync = sync
    this.file = file
    this.index = index
    this.end = end
    this.sealed = end.sealed
    this.cutBytes = cutBytes
  }

  /** Opens a log that exists, checks all of it, and, unless it is only read, cuts off what a crash left unfinished. */
  static async open(
    files: FileSystem,
    path: string,
    readOnly: boolean,
    sync: SyncPolicy,
    index: RowIndex,
    options: CallOptions,
  ): Promise<DescriptorLog> {
    const file = await files.open(path, readOnly ? 'read' : 'update')
    try {
      const replayed = await replay(file, path, index, options)
      const cutBytes = (await file.size()) - replayed.size
      if (!readOnly) {
        if (cutBytes > 0) await file.truncate(replayed.size)
        await file.sync()
      }
      return new DescriptorLog(files, path, sync, file, index, { ...replayed, durable: replayed.size }, cutBytes)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  append({ uids, vectors, attributes }: DescriptorItems, options: CallOptions): Promise<void> {
    return this.change(
      (records) => writeRows(records, { uids, vectors, attributes }),
      async ({ positions, attributeBytes }) => {
        const slice = new TimeSlice()
        for (let i = 0; i < uids.length; i++) {
          this.index.set(uids[i]!, positions[i]!, vectors.dimensions, attributeBytes[i]!)
          if (slice.due()) await slice.pause()
        }
      },
      options,
    )
  }

  remove(uids: readonly string[], options: CallOptions): Promise<void> {
    return this.change(
      async (records) => {
        for (const uid of uids) await records.remove(uid)
      },
      async () => {
        const slice = new TimeSlice()
        for (const uid of uids) {
          this.index.delete(uid)
          if (slice.due()) await slice.pause()
        }
      },
      options,
    )
  }

  clear(options: CallOptions): Promise<void> {
    return this.change(
      (records) => records.clear(),
      () => this.index.clear(),
      options,
    )
  }

  read(uids: readonly string[], into: Float32Array, dimensions: number, options: CallOptions): Promise<void> {
    const bytes = dimensions * 4
    const target = into.subarray(0, uids.length * dimensions)
    return this.swap.read(async () => {
      await this.readRanges(
        {
          count: uids.length,
          into: new Uint8Array(target.buffer, target.byteOffset, target.byteLength),
          position: (i) => this.index.positionOf(uids[i]!),
          length: () => bytes,
          target: (i) => i * bytes,
        },
        options,
      )
      fromFileOrder(target)
    }, options.signal)
  }

  attributes(uids: readonly string[], options: CallOptions): Promise<(Attributes | undefined)[]> {
    return this.swap.read(async () => {
      const begins = new Float64Array(uids.length + 1)
      const some: number[] = []
      const look = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
          const bytes = this.index.attributeBytesOf(uids[i]!)
          begins[i + 1] = begins[i]! + bytes
          if (bytes > 0) some.push(i)
        }
      }
      await inSlices(uids.length, 1024, look, options.signal)
      const found = new Array<Attributes | undefined>(uids.length).fill(undefined)
      if (some.length === 0) return found
      const bytes = Buffer.allocUnsafe(begins[uids.length]!)
      const length = (j: number): number => begins[some[j]! + 1]! - begins[some[j]!]!
      await this.readRanges(
        {
          count: some.length,
          into: bytes,
          position: (j) => this.index.positionOf(uids[some[j]!]!) - length(j),
          length,
          target: (j) => begins[some[j]!]!,
        },
        options,
      )
      const slice = new TimeSlice()
      for (const i of some) {
        found[i] = this.parseAttributes(bytes.toString('utf8', begins[i], begins[i + 1]))
        if (slice.due()) await slice.pause()
      }
      return found
    }, options.signal)
  }

  /** Brings what was written to the device. */
  flush(options: CallOptions = {}): Promise<void> {
    return this.changes.write(() => this.bringToDevice(), options.signal)
  }

  /**
   * Writes a new log that holds only what is there now, and puts it in the place of the old one. Gives the bytes that this saved.
   * A failure leaves the old log.
   */
  rewrite(beside: string, options: CallOptions): Promise<number> {
    return this.changes.write(async () => {
      this.throwIfBroken()
      const positions = new Float64Array(this.index.count)
      let end: LogEnd = { size: FILE_HEADER_BYTES, durable: 0, sequence: 0 }
      let written = false
      try {
        await replaceFile(this.files, this.path, beside, async (file) => {
          await file.write(encodeFileHeader(), 0)
          let done = 0
          for (const uids of this.pages()) {
            const from = done
            end = await writeBatch(file, end, (records) => this.copyRecords(uids, records, positions, from, options), options)
            done += uids.length
            options.onProgress?.({ done, total: positions.length })
          }
          // The seal says that all before it is on the device, as it will be before the file gets its name: damage in it is no torn tail.
          end = await writeBatch(file, { ...end, durable: end.size }, async () => undefined, options)
          written = true
        })
        const before = this.end.size
        const file = await this.files.open(this.path, 'update')
        await this.swap.write(async () => {
          const old = this.file
          this.file = file
          this.end = { ...end, durable: end.size }
          this.sealed = true
          const slice = new TimeSlice()
          let row = 0
          for (const uid of this.index.uids()) {
            this.index.moveTo(uid, positions[row++]!)
            if (slice.due()) await slice.pause()
          }
          await old.close()
        })
        return before - end.size
      } catch (error) {
        // Which of the two files has the name is not known: what would be appended could be lost.
        if (written) this.broken = error
        throw error
      }
    }, options.signal)
  }

  /** Closes in order: an empty last batch says that all before it is on the device. */
  close(readOnly: boolean): Promise<void> {
    return this.changes.write(async () => {
      try {
        if (!readOnly && !this.sealed && this.broken === undefined) {
          await this.bringToDevice()
          await writeBatch(this.file, this.end, async () => undefined, {})
        }
      } finally {
        await this.file.close()
      }
    })
  }

  /** One batch: written, brought to the device, then applied. */
  private change<T>(fill: (records: BatchRecords) => Promise<T>, apply: (result: T) => Promise<void> | void, options: CallOptions): Promise<void> {
    return this.changes.write(async () => {
      this.throwIfBroken()
      let result: T | undefined
      let end: LogEnd
      try {
        end = await writeBatch(
          this.file,
          this.end,
          async (records) => {
            result = await fill(records)
          },
          options,
        )
      } catch (error) {
        await this.takeBack(error)
        throw error
      }
      if (this.sync === 'batch') end = await this.synced(end)
      await this.swap.write(async () => {
        this.end = end
        this.sealed = false
        await apply(result as T)
      })
    }, options.signal)
  }

  private async takeBack(cause: unknown): Promise<void> {
    try {
      await this.file.truncate(this.end.size)
    } catch {
      this.broken = cause
    }
  }

  private async synced(end: LogEnd): Promise<LogEnd> {
    try {
      await this.file.sync()
      return { ...end, durable: end.size }
    } catch (error) {
      // After a failed sync the system may have dropped what it could not write: what is on the device is not known any more.
      this.broken = error
      throw error
    }
  }

  private async bringToDevice(): Promise<void> {
    this.throwIfBroken()
    if (this.end.durable < this.end.size) this.end = await this.synced(this.end)
  }

  private throwIfBroken(): void {
    if (this.broken === undefined) return
    throw new CbirError(
      'IO_FAILED',
      `${this.path} takes no more changes, because an earlier one failed half-way. Dispose the set and open it again.`,
      {
        cause: this.broken,
      },
    )
  }

  private readRanges(ranges: Ranges, options: CallOptions): Promise<void> {
    return readRanges(this.file, this.path, ranges, options)
  }

  private parseAttributes(json: string): Attributes {
    try {
      return Object.freeze(JSON.parse(json)) as Attributes
    } catch (error) {
      throw corrupt(this.path, 'attributes in it are not JSON', error)
    }
  }

  /** The uids in order, in parts whose records fit into memory. */
  private *pages(): Generator<string[], void, undefined> {
    let page: string[] = []
    let bytes = 0
    for (const uid of this.index.uids()) {
      page.push(uid)
      bytes += this.recordBytes(uid)
      if (page.length < REWRITE_ROWS && bytes < REWRITE_BYTES) continue
      yield page
      page = []
      bytes = 0
    }
    if (page.length > 0) yield page
  }

  private recordBytes(uid: string): number {
    return RECORD_HEAD_BYTES + Buffer.byteLength(uid) + this.index.attributeBytesOf(uid) + 4 * this.index.dimensionsOf(uid)
  }

  private async copyRecords(
    uids: readonly string[],
    records: BatchRecords,
    positions: Float64Array,
    from: number,
    options: CallOptions,
  ): Promise<void> {
    const begins = [0]
    for (const uid of uids) begins.push(begins.at(-1)! + this.recordBytes(uid))
    const bytes = Buffer.allocUnsafe(begins.at(-1)!)
    const vectorBytes = (i: number): number => 4 * this.index.dimensionsOf(uids[i]!)
    const length = (i: number): number => begins[i + 1]! - begins[i]!
    await this.readRanges(
      {
        count: uids.length,
        into: bytes,
        position: (i) => this.index.positionOf(uids[i]!) + vectorBytes(i) - length(i),
        length,
        target: (i) => begins[i]!,
      },
      options,
    )
    const slice = new TimeSlice()
    for (let i = 0; i < uids.length; i++) {
      const record = bytes.subarray(begins[i], begins[i + 1])
      if (crc32(record.subarray(4)) !== record.readUInt32LE(0))
        throw corrupt(this.path, `the record of ${JSON.stringify(uids[i])} has changed since it was opened`)
      positions[from + i] = (await records.copy(record)) + length(i) - vectorBytes(i)
      if (slice.due()) await slice.pause()
    }
  }
}
