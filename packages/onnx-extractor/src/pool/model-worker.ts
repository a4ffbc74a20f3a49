// ModelWorker: one thread that holds a session, as a promise per request.

import { Worker } from 'node:worker_threads'
import { CbirError, ERROR_CODES, type ErrorCode } from '@cbir/core'
import type {
  Failure,
  HashRequest,
  LoadReply,
  LoadRequest,
  ReadReply,
  ReadRequest,
  Reply,
  Request,
  RunReply,
  RunRequest,
} from '../../worker/protocol.mjs'
import { addGate, removeGate } from './exit-gate.ts'

// The folder `worker` lies beside both `src` and `dist`, see the worker's first lines.
const WORKER = new URL('../../worker/onnx-worker.mjs', import.meta.url)

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: CbirError) => void
  readonly onBuffer: ((buffer: ArrayBuffer) => void) | undefined
}

/** A worker takes any number of requests and answers them in their order. While it has none it does not keep the process alive. */
export class ModelWorker {
  private readonly worker: Worker
  private readonly pending: Pending[] = []
  private readonly exit: Promise<void>
  private death: CbirError | undefined

  constructor() {
    const gate = addGate()
    // The application's own flags (loaders, test tools) are not for this thread.
    this.worker = new Worker(WORKER, { execArgv: [], name: 'onnx-extractor', workerData: { gate } })
    this.worker.unref()
    this.worker.on('message', (reply: Reply<unknown>) => this.settle(reply))
    this.worker.on('error', (error) => this.die(error))
    this.exit = new Promise((resolve) => {
      this.worker.on('exit', (code) => {
        removeGate(gate)
        this.die(new Error(`it ended with exit code ${code}`))
        resolve()
      })
    })
  }

  get isDead(): boolean {
    return this.death !== undefined
  }

  read(request: Omit<ReadRequest, 'type'>): Promise<ReadReply> {
    return this.ask({ type: 'read', ...request }, [])
  }

  /** SHA-256 of each file. */
  hash(request: Omit<HashRequest, 'type'>): Promise<readonly string[]> {
    return this.ask({ type: 'hash', ...request }, [])
  }

  load(request: Omit<LoadRequest, 'type'>): Promise<LoadReply> {
    return this.ask({ type: 'load', ...request }, [])
  }

  /** The request's buffer is transferred; it comes back in the reply, or through `onBuffer` when the run fails. */
  run(request: Omit<RunRequest, 'type'>, onBuffer: (buffer: ArrayBuffer) => void): Promise<RunReply> {
    return this.ask({ type: 'run', ...request }, [request.buffer], onBuffer)
  }

  /** Lets the worker finish what it has, then ends it. */
  async close(): Promise<void> {
    if (!this.isDead) {
      this.worker.ref()
      this.worker.postMessage({ type: 'close' })
    }
    await this.exit
  }

  private ask<T>(request: Request, transfer: ArrayBuffer[], onBuffer?: (buffer: ArrayBuffer) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.death) {
        reject(this.death)
        return
      }
      this.worker.postMessage(request, transfer)
      this.pending.push({ resolve: resolve as (value: unknown) => void, reject, onBuffer })
      this.worker.ref()
    })
  }

  private settle(reply: Reply<unknown>): void {
    const request = this.pending.shift()
    if (this.pending.length === 0) this.worker.unref()
    if ('ok' in reply) {
      request?.resolve(reply.ok)
      return
    }
    if (reply.buffer) request?.onBuffer?.(reply.buffer)
    request?.reject(errorOf(reply.failure))
  }

  private die(cause: Error): void {
    this.death ??= new CbirError(
      'EXTRACT_FAILED',
      `A worker thread of the ONNX extractor ended while it worked: ${cause.message}. The call can be tried again; if the cause is a lack of memory, use fewer \`workers\` or a smaller \`batchSize\`.`,
      { cause },
    )
    for (const request of this.pending.splice(0)) request.reject(this.death)
  }
}

function errorOf({ code, message }: Failure): CbirError {
  const known = (ERROR_CODES as readonly string[]).includes(code)
  return new CbirError(known ? (code as ErrorCode) : 'EXTRACT_FAILED', message)
}
