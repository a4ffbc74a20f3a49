// WorkerPool: the workers of one extractor. Jobs wait in one queue, first come, first served; workers start when there is work for them.

import type { CbirError } from '@cbir/core'
import { abortError, onAbort } from '@cbir/core/define'
import type { LoadRequest, RunReply, RunRequest } from '../../worker/protocol.mjs'
import { ModelWorker } from './model-worker.ts'

export type Job = Omit<RunRequest, 'type'>

interface Waiting {
  readonly job: Job
  readonly resolve: (reply: RunReply) => void
  readonly reject: (error: unknown) => void
  /** Takes the listener off the signal. */
  readonly settled: () => void
}

export interface WorkerPoolOptions {
  /** The first worker, which has loaded the model already. */
  readonly first: ModelWorker
  /** How every other worker loads it. */
  readonly load: Omit<LoadRequest, 'type'>
  /** Most workers at once. */
  readonly size: number
}

export class WorkerPool {
  readonly size: number
  private readonly loading: Omit<LoadRequest, 'type'>
  private readonly workers: Set<ModelWorker> = new Set()
  private readonly idle: ModelWorker[] = []
  private readonly queue: Waiting[] = []
  private readonly free: ArrayBuffer[] = []
  private starting = 0
  private limit: number

  constructor({ first, load, size }: WorkerPoolOptions) {
    this.size = size
    this.limit = size
    this.loading = load
    this.workers.add(first)
    this.idle.push(first)
  }

  /** Runs a job on the next free worker. Aborted while it waits it leaves the queue; once it runs its result is dropped. */
  run(job: Job, signal: AbortSignal | undefined): Promise<RunReply> {
    return new Promise((resolve, reject) => {
      const forget =
        signal &&
        onAbort(signal, () => {
          const at = this.queue.indexOf(waiting)
          if (at >= 0) this.queue.splice(at, 1)
          if (at >= 0) this.giveBack(job.buffer)
          reject(abortError(signal))
        })
      const waiting: Waiting = { job, resolve, reject, settled: () => forget?.() }
      this.queue.push(waiting)
      this.dispatch()
    })
  }

  /** A buffer of at least `bytes`, a used one where one fits: fresh memory costs a page fault every 4 kB. Its content is arbitrary. */
  buffer(bytes: number): ArrayBuffer {
    const at = this.free.findIndex(({ byteLength }) => byteLength === bytes)
    return at >= 0 ? this.free.splice(at, 1)[0]! : new ArrayBuffer(bytes)
  }

  /** Keeps a buffer for later; the oldest gives way. */
  giveBack(buffer: ArrayBuffer): void {
    this.free.push(buffer)
    if (this.free.length > 2 * this.size) this.free.shift()
  }

  /** Ends every worker. Nothing may be running or waiting for its result. */
  async close(): Promise<void> {
    this.limit = 0
    this.free.length = 0
    await Promise.all([...this.workers].map((worker) => worker.close()))
  }

  private dispatch(): void {
    while (this.queue.length > 0) {
      const worker = this.idle.pop()
      if (!worker) break
      if (worker.isDead) this.workers.delete(worker)
      else void this.give(worker, this.queue.shift()!)
    }
    const missing = Math.min(this.queue.length - this.starting, this.limit - this.workers.size)
    for (let i = 0; i < missing; i++) void this.start()
  }

  private async give(worker: ModelWorker, { job, resolve, reject, settled }: Waiting): Promise<void> {
    try {
      const reply = await worker.run(job, (buffer) => this.giveBack(buffer))
      this.giveBack(reply.buffer)
      resolve(reply)
    } catch (error) {
      reject(error)
    } finally {
      settled()
      if (worker.isDead) this.workers.delete(worker)
      else this.idle.push(worker)
      this.dispatch()
    }
  }

  private async start(): Promise<void> {
    const worker = new ModelWorker()
    this.workers.add(worker)
    this.starting++
    try {
      await worker.load(this.loading)
      this.idle.push(worker)
    } catch (error) {
      this.workers.delete(worker)
      this.failedToStart(error as CbirError)
      await worker.close()
    } finally {
      this.starting--
      this.dispatch()
    }
  }

  /** Where others live they do the work, and no further one is tried; else what waits fails, and the next call tries again. */
  private failedToStart(error: CbirError): void {
    const others = this.workers.size - (this.starting - 1)
    if (others > 0) this.limit = Math.max(1, others)
    else
      for (const { reject, job, settled } of this.queue.splice(0)) {
        settled()
        this.giveBack(job.buffer)
        reject(error)
      }
  }
}
