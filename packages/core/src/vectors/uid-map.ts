// UidMap: a Map over uids that grows without a long pause.

/** A power of two. A Map of a million strings is copied in 50 ms when it grows; one of 64 parts of it in less than 1 ms. */
const PARTS = 64
/** Characters at the end of a uid that choose its part: names in a series differ at the end. */
const TAIL = 16

/**
 * The part of `Map<string, V>` that tables of uids need. A Map copies all that it holds whenever it doubles, in one go; here the uids are spread
 * over several, so that no growth holds up the event loop, and so that there is room for more than the 2²⁴ keys of one Map.
 */
export class UidMap<V> {
  private readonly parts: (Map<string, V> | undefined)[] = new Array(PARTS)
  private count = 0

  get size(): number {
    return this.count
  }

  get(uid: string): V | undefined {
    return this.parts[partOf(uid)]?.get(uid)
  }

  has(uid: string): boolean {
    return this.parts[partOf(uid)]?.has(uid) ?? false
  }

  /** Sets the value of a uid that is not there yet; false, and nothing changed, where it is. */
  add(uid: string, value: V): boolean {
    const part = this.partFor(uid)
    if (part.has(uid)) return false
    part.set(uid, value)
    this.count++
    return true
  }

  set(uid: string, value: V): void {
    const part = this.partFor(uid)
    const before = part.size
    part.set(uid, value)
    this.count += part.size - before
  }

  delete(uid: string): void {
    if (this.parts[partOf(uid)]?.delete(uid)) this.count--
  }

  private partFor(uid: string): Map<string, V> {
    const at = partOf(uid)
    this.parts[at] ??= new Map()
    return this.parts[at]
  }
}

function partOf(uid: string): number {
  let hash = uid.length
  for (let i = Math.max(0, uid.length - TAIL); i < uid.length; i++) hash = (Math.imul(hash, 31) + uid.charCodeAt(i)) | 0
  return (hash ^ (hash >>> 15)) & (PARTS - 1)
}
