// Essentia in threads: a few of them, each with one sound at a time. A thread that dies or is worn out is replaced.

import { Worker } from 'node:worker_threads'
import { threadCount } from '@cbir/audio-decode/loader'
import { CbirError } from '@cbir/core'
import { abortError, onAbort, Semaphore } from '@cbir/core/define'
import type { Plan, Reply, Request, Rows } from '../worker/protocol.d.mts'

/** Essentia's memory never shrinks. A thread that holds more than so many bytes after a sound is ended, and its memory is free again. */
const LARGEST_HEAP = 256 * 2 ** 20

/**
 * A refusal leaves Essentia's stack where it was thrown, at most 14 KB deeper, and nothing brings it back; below its 5 MB lies Essentia's data. A thread
 * that refused so often is ended.
 */
const MOST_REFUSALS = 100

/** While it has nothing to do, it does not keep the process alive. */
class EssentiaThread {
  heap = 0
  refusals = 0
  dead = false
  private readonly worker: Worker
  private asked: { resolve(reply: Reply): void; reject(error: CbirError): void } | undefined

  constructor() {
    // The application's own flags (loaders, test tools) are not for this thread, and nothing that it prints is for the console.
    this.worker = new Worker(new URL('../worker/essentia-worker.mjs', import.meta.url), {
      execArgv: [],
      name: 'essentia',
      // Its JavaScript makes many arrays that live as long as a frame. By default they may grow to 48 MB before they are swept, no faster than this.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      stdout: true,
      stderr: true,
    })
    this.worker.unref()
    this.worker.on('message', (reply: Reply) => this.settle(reply))
    this.worker.on('error', (cause) => this.die(cause))
    this.worker.on('exit', (code) => this.die(new Error(`it ended with exit code ${code}`)))
  }

  /** One request at a time. */
  ask(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.dead) return reject(death(new Error('it has ended')))
      this.asked = { resolve, reject }
      this.worker.ref()
      this.worker.postMessage(request, [request.samples.buffer])
    })
  }

  end(error: CbirError): void {
    this.dead = true
    this.asked?.reject(error)
    this.asked = undefined
    void this.worker.terminate()
  }

  private settle(reply: Reply): void {
    this.heap = reply.heap
    this.refusals = reply.refusals
    this.worker.unref()
    this.asked?.resolve(reply)
    this.asked = undefined
  }

  private die(cause: Error): void {
    this.dead = true
    this.asked?.reject(death(cause))
    this.asked = undefined
  }
}

function death(cause: Error): CbirError {
  return new CbirError('ADAPTER_FAULT', `The thread that runs Essentia is gone: ${cause.message}. Load the sound again; a new thread is started.`, {
    cause,
  })
}

const threads: EssentiaThread[] = []
const free: EssentiaThread[] = []
let gate: Semaphore | undefined

/** What the threads of this process hold now. Essentia's memory is outside of JavaScript's heap and never shrinks while its thread lives. */
export interface EssentiaMemory {
  readonly threads: number
  /** Bytes of the largest of their memories, after its last sound. */
  readonly largest: number
}

export function essentiaMemory(): EssentiaMemory {
  const living = threads.filter(({ dead }) => !dead)
  return { threads: living.length, largest: Math.max(0, ...living.map(({ heap }) => heap)) }
}

/**
 * Runs a plan over a sound, whose memory is taken. As many sounds at once as there are processors (`CBIR_THREADS` lowers it), the others wait.
 * An abort ends the thread at once, in the middle of whatever it does.
 * @throws CbirError LOAD_FAILED, ADAPTER_FAULT, ABORTED
 */
export function runInThread(plan: Plan, samples: Float32Array<ArrayBuffer>, sampleRate: number, signal?: AbortSignal): Promise<Rows> {
  gate ??= new Semaphore(threadCount())
  return gate.run(async () => {
    const thread = takeThread()
    const stop = signal && onAbort(signal, () => thread.end(abortError(signal)))
    try {
      const reply = await thread.ask({ plan, samples, sampleRate })
      if ('failure' in reply && reply.failure === 'broken') thread.end(death(new Error(reply.message)))
      return rowsOf(plan, reply)
    } finally {
      stop?.()
      giveBack(thread)
    }
  }, signal)
}

function takeThread(): EssentiaThread {
  for (;;) {
    const thread = free.pop()
    if (thread?.dead) continue
    if (thread) return thread
    const started = new EssentiaThread()
    threads.splice(0, threads.length, ...threads.filter(({ dead }) => !dead), started)
    return started
  }
}

function giveBack(thread: EssentiaThread): void {
  if (thread.heap > LARGEST_HEAP || thread.refusals >= MOST_REFUSALS) thread.end(death(new Error('it is worn out')))
  if (!thread.dead) free.push(thread)
}

function rowsOf(plan: Plan, reply: Reply): Rows {
  if ('value' in reply) return reply.value
  const of = plan.kind === 'algorithm' ? plan.name : plan.kind
  const details = { algorithm: of, reason: reply.message }
  switch (reply.failure) {
    case 'refused':
      throw new CbirError('LOAD_FAILED', `Essentia refused the sound or its parameters (${of}): ${reply.message}`, {
        cause: new Error(reply.message),
        details,
      })
    case 'invalid':
      throw new CbirError('LOAD_FAILED', `${of} cannot be computed: ${reply.message}.`, { details })
    case 'broken':
      throw new CbirError('ADAPTER_FAULT', `Essentia failed (${of}): ${reply.message}. For long recordings give the loader \`windows\`.`, { details })
  }
}
