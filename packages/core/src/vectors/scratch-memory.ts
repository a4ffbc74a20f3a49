// Scratch memory: large private arrays, used again by the next who needs some. The garbage collector counts what arrays hold against a limit that a
// small heap sets at a few megabytes: whoever takes a new array for every file has it run for every few files, which costs as much as the work itself.

/** Bytes below which an array is not worth keeping. */
const SMALL = 1 << 16
/** Bytes that lie here at most, waiting to be used again. */
const MOST = 1 << 25
/** Milliseconds after which memory that nobody took meanwhile is let go. */
const REST = 1000

type Memory = ArrayBufferLike

/** A kind of array. */
interface ArrayOf<T> {
  readonly BYTES_PER_ELEMENT: number
  new (length: number): T
  new (buffer: Memory, offset: number, length: number): T
}

/**
 * Takes and gives back arrays, whose numbers may be whatever was there. What was given back must have nobody else who still reads or writes it, and is
 * given back once; an array that is never given back is collected like any other.
 */
export class ScratchMemory {
  /** Waiting, by size; of one size the last given back is taken first. */
  private readonly waiting: Map<number, Memory[]> = new Map()
  private bytes = 0
  /** Sizes that were taken from since the last look. */
  private readonly used: Set<number> = new Set()
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly allocate: (bytes: number) => Memory

  /** @param allocate gives new memory, which need not be zeros; the number of bytes is a multiple of 8 where the memory is to be kept */
  constructor(allocate: (bytes: number) => Memory = (bytes) => new ArrayBuffer(bytes)) {
    this.allocate = allocate
  }

  /** `length` numbers. */
  floats(length: number): Float32Array {
    return this.take(Float32Array, length)
  }

  /** As {@link floats}, in double. */
  doubles(length: number): Float64Array {
    return this.take(Float64Array, length)
  }

  giveBack({ buffer }: Float32Array | Float64Array): void {
    const size = buffer.byteLength
    // A transferred one has no bytes left.
    if (size < SMALL || this.bytes + size > MOST) return
    const alike = this.waiting.get(size)
    if (alike) alike.push(buffer)
    else this.waiting.set(size, [buffer])
    this.bytes += size
    this.timer ??= unref(setTimeout(() => this.look(), REST))
  }

  private take<T>(array: ArrayOf<T>, length: number): T {
    const bytes = length * array.BYTES_PER_ELEMENT
    if (bytes < SMALL) return new array(length)
    const size = roundedUp(bytes)
    this.used.add(size)
    const buffer = this.waiting.get(size)?.pop()
    if (buffer) this.bytes -= size
    return new array(buffer ?? this.allocate(size), 0, length)
  }

  /** Lets go of the sizes that nobody wanted lately. */
  private look(): void {
    this.timer = undefined
    for (const [size, buffers] of this.waiting) {
      if (this.used.has(size) && buffers.length > 0) continue
      this.waiting.delete(size)
      this.bytes -= size * buffers.length
    }
    this.used.clear()
    if (this.bytes > 0) this.timer = unref(setTimeout(() => this.look(), REST))
  }
}

/** That of this process, for whoever needs no memory of a special kind. */
export const scratchMemory: ScratchMemory = new ScratchMemory()

/** The next of 4, 5, 6, 7, 8, 10, … · 2ⁿ: a fifth is lost at most, and arrays of nearly equal length take the same memory. */
function roundedUp(bytes: number): number {
  const step = 2 ** (Math.floor(Math.log2(bytes)) - 2)
  return Math.ceil(bytes / step) * step
}

/** Memory that waits does not keep a process alive. (A browser's timer is a number.) */
function unref(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  const { unref: release } = timer as { unref?: () => void }
  release?.call(timer)
  return timer
}
