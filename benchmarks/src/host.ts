// A process of ours that is asked as the peers are: one request a line (words separated by tabs), one JSON object a line.

import { createInterface } from 'node:readline'
import type { Answer } from './peer.ts'

export type Commands = Readonly<Record<string, (words: readonly string[]) => Answer | Promise<Answer>>>

/** Answers requests until standard input ends, and ends the process. The first word names the command, the others are its arguments. */
export async function serve(commands: Commands): Promise<never> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...words] = line.split('\t')
    const answer = await Promise.resolve()
      .then(() => commands[name!]!(words))
      .catch((error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  process.exit(0)
}

/** The milliseconds that work takes until it is awaited. */
export async function timed(work: () => unknown): Promise<{ readonly ms: number }> {
  const began = performance.now()
  await work()
  return { ms: performance.now() - began }
}
