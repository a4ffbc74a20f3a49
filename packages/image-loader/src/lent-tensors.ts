// LentTensors: which tensors are with callers, so that each gives its memory back at most once.

import type { MemoryPool } from './memory-pool.ts'
import type { ImageTensor } from './to-tensor.ts'

export class LentTensors {
  private readonly memory: MemoryPool
  // By tensor and not by buffer: a second release of a tensor may come when its buffer is part of another one already.
  private readonly buffers = new WeakMap<ImageTensor, ArrayBufferLike>()

  constructor(memory: MemoryPool) {
    this.memory = memory
  }

  lend<T extends ImageTensor>(tensor: T): T {
    this.buffers.set(tensor, tensor.data.buffer)
    return tensor
  }

  /** Takes the memory of a lent tensor back; anything else, and a tensor that came back before, is ignored. */
  release(tensor: ImageTensor): void {
    const buffer = this.buffers.get(tensor)
    if (!buffer) return
    this.buffers.delete(tensor)
    this.memory.give(buffer)
  }
}
