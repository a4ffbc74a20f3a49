// Peer: a process that is asked one thing at a time, so that the sides of a comparison can take turns.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Answer = Readonly<Record<string, number | string>>

export class Peer {
  readonly name: string
  private readonly child: ChildProcess
  private end: string | undefined
  private readonly waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void; readonly request: string }[] = []

  /** `env` is added to this process's own. */
  constructor(name: string, command: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    this.name = name
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) this.answered(JSON.parse(line) as Answer)
    })
    this.child.on('error', (error) => this.failed(error.message))
    this.child.on('close', (code, signal) => this.failed(`it ended with ${signal ?? code}`))
  }

  /** The answer to a request. @throws Error where the peer says that it failed, or dies. */
  ask(command: string, ...words: readonly (string | number)[]): Promise<Answer> {
    const request = [command, ...words].join('\t')
    if (this.end !== undefined) return Promise.reject(new Error(`${this.name}: ${request.replaceAll('\t', ' ')}: ${this.end}`))
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject, request })
      this.child.stdin!.write(`${request}\n`)
    })
  }

  /** The milliseconds that a request says it took. */
  async time(command: string, ...words: readonly (string | number)[]): Promise<number> {
    return Number((await this.ask(command, ...words))['ms'])
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const closed = new Promise((resolve) => this.child.once('close', resolve))
    this.child.stdin!.end()
    await closed
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.shift()
    if (!waiting) return
    if ('error' in answer) waiting.reject(new Error(`${this.name}: ${waiting.request.replaceAll('\t', ' ')}: ${answer['error']}`))
    else waiting.resolve(answer)
  }

  private failed(why: string): void {
    this.end = why
    for (const { reject, request } of this.waiting.splice(0)) reject(new Error(`${this.name}: ${request.replaceAll('\t', ' ')}: ${why}`))
  }
}
