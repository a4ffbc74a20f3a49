// SharedDecodes: loads of one item that overlap in time decode it once, and each gets a result of its own.

import { abortable, throwIfAborted } from '@cbir/core/define'

/** One decode and those who wait for it. */
interface Decode<T> {
  readonly bytes: Uint8Array
  readonly result: Promise<T>
  readonly abort: AbortController
  waiting: number
}

/** The loads of one item that are running now. */
interface Item<T> {
  loads: number
  decode: Decode<T> | undefined
}

/** What is done with an item: its bytes are read for every load, and decoded only where they differ from those decoded before. */
export interface DecodeWork<T> {
  /** Makes the result. `signal` fires when nobody waits for it any more. */
  decode(bytes: Uint8Array, signal: AbortSignal): Promise<T>
  copy(result: T): Promise<T>
}

/**
 * Equal bytes are what makes two loads the same, so an item that is written to while it loads is never mixed up. A result is kept only as long as
 * loads of its item are running.
 */
export class SharedDecodes<T> {
  private readonly items = new Map<unknown, Item<T>>()
  private readonly work: DecodeWork<T>

  constructor(work: DecodeWork<T>) {
    this.work = work
  }

  /**
   * @param key what names the item; loads with equal keys may share
   * @throws CbirError ABORTED; what `read` and `decode` throw
   */
  async load(key: unknown, read: () => Promise<Uint8Array>, signal?: AbortSignal): Promise<T> {
    const item = this.items.get(key) ?? { loads: 0, decode: undefined }
    this.items.set(key, item)
    item.loads++
    try {
      const bytes = await abortable(read(), signal)
      throwIfAborted(signal)
      const decode = this.join(item, bytes)
      const result = await this.wait(decode, signal)
      // Only the last load may take the result itself: the copies of the others must be finished before somebody can change it.
      return item.loads === 1 ? result : await this.work.copy(result)
    } finally {
      item.loads--
      if (item.loads === 0 && this.items.get(key) === item) this.items.delete(key)
    }
  }

  private join(item: Item<T>, bytes: Uint8Array): Decode<T> {
    const running = item.decode
    if (running && !running.abort.signal.aborted && Buffer.compare(running.bytes, bytes) === 0) return running
    const abort = new AbortController()
    const decode = { bytes, abort, waiting: 0, result: this.work.decode(bytes, abort.signal) }
    // A decode that everyone has left may still fail, and nobody would hear of it.
    decode.result.catch(() => undefined)
    item.decode = decode
    return decode
  }

  private async wait(decode: Decode<T>, signal: AbortSignal | undefined): Promise<T> {
    decode.waiting++
    try {
      return await abortable(decode.result, signal)
    } finally {
      decode.waiting--
      if (signal?.aborted && decode.waiting === 0) decode.abort.abort(signal.reason)
    }
  }
}
