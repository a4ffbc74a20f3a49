// Codecs in threads of Node. Each codec stays in one thread; a new one goes to the thread that has the fewest.

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { CbirError } from '@cbir/core'
import type { Reply, Request } from '../../worker/protocol.d.mts'
import type { Codec, CodecHost, Decoded } from './codec-host.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: CbirError): void
  readonly type: Request['type']
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** While it has nothing to do, it does not keep the process alive. */
class CodecThread {
  /** Codecs in it, or on their way. */
  codecs = 0
  dead = false
  private readonly worker: Worker
  private readonly waiting: Map<number, Waiting> = new Map()
  private last = 0

  constructor() {
    // The application's own flags (loaders, test tools) are not for this thread.
    this.worker = new Worker(new URL('../../worker/codec-worker.mjs', import.meta.url), { execArgv: [], name: 'audio-decode' })
    this.worker.unref()
    this.worker.on('message', (reply: Reply) => this.settle(reply))
    this.worker.on('error', (cause) => this.die(cause))
    this.worker.on('exit', (code) => this.die(new Error(`it ended with exit code ${code}`)))
  }

  ask(request: WithoutId<Request>, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(death(new Error('it has ended')))
      const id = ++this.last
      if (this.waiting.size === 0) this.worker.ref()
      this.waiting.set(id, { resolve, reject, type: request.type })
      this.worker.postMessage({ ...request, id }, [...transfer])
    })
  }

  private settle(reply: Reply): void {
    const asked = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (this.waiting.size === 0) this.worker.unref()
    if ('value' in reply) asked?.resolve(reply.value)
    else asked?.reject(refusal(asked.type, reply.message))
  }

  private die(cause: Error): void {
    this.dead = true
    for (const { reject } of this.waiting.values()) reject(death(cause))
    this.waiting.clear()
  }
}

function refusal(type: Request['type'], message: string): CbirError {
  if (type === 'create') return new CbirError('CORRUPT_DATA', `The decoder refused the header: ${message}`)
  return new CbirError('ADAPTER_FAULT', `The decoder failed: ${message}`)
}

function death(cause: Error): CbirError {
  return new CbirError('ADAPTER_FAULT', `The thread that decodes sound is gone: ${cause.message}. Decode again.`, { cause })
}

let lastCodec = 0

/**
 * Threads for codecs, started when they are needed.
 * @param size the most threads; 1 or more
 */
export function codecThreads(size: number): CodecHost {
  const threads: CodecThread[] = []

  const choose = (): CodecThread => {
    const living = threads.filter(({ dead }) => !dead)
    threads.splice(0, threads.length, ...living)
    const least = living.reduce<CodecThread | undefined>((best, thread) => (best && best.codecs <= thread.codecs ? best : thread), undefined)
    if (least && (least.codecs === 0 || living.length >= size)) return least
    const started = new CodecThread()
    threads.push(started)
    return started
  }

  return {
    async create(module, options) {
      const thread = choose()
      const codec = ++lastCodec
      thread.codecs++
      try {
        await thread.ask({ type: 'create', codec, module: module.url().href, options })
      } catch (error) {
        thread.codecs--
        throw error
      }
      return codecIn(thread, codec)
    },
  }
}

function codecIn(thread: CodecThread, codec: number): Codec {
  let freed = false
  return {
    decode: (packets) => thread.ask({ type: 'decode', codec, packets }, [packets.bytes.buffer]) as Promise<Decoded>,
    digest: () => thread.ask({ type: 'digest', codec }) as Promise<string | undefined>,
    async free() {
      if (freed) return
      freed = true
      thread.codecs--
      if (!thread.dead) await thread.ask({ type: 'free', codec }).catch(() => undefined)
    },
  }
}

/** As many threads as there are processors (`CBIR_THREADS` lowers it), shared by everything in this process that decodes. */
export const sharedThreads: CodecHost = {
  create(module, options) {
    shared ??= codecThreads(threadCount())
    return shared.create(module, options)
  },
}

let shared: CodecHost | undefined

export function threadCount(): number {
  const wanted = Number(process.env['CBIR_THREADS'])
  const cores = availableParallelism()
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, cores) : cores
}
