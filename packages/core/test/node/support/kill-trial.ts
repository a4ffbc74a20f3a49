// Starts the writing process, kills it at a random moment, and looks at what it left.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { wholeContainer, wholeSet } from './crash-content.ts'

export type TrialMode = 'container' | 'set'

/** Makes the script of the writing process, as a file that plain Node runs. */
export async function buildCrashChild(outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, 'crash-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@cbir/source'],
    logLevel: 'error',
  })
}

export interface KillTrial {
  /** Whether the process died inside a write. */
  readonly insideWrite: boolean
  /** The last write whose end it reported; 0: none in this run. */
  readonly done: number
  /** The write that was found afterwards; reading it throws where it is not whole. */
  readonly found: number
  /** Whether what was found is the last that was reported, or the one that was in flight. */
  readonly ok: boolean
}

/** When to kill: after so many lines of the process, and then a share of the time that its first write took (in 50 ms where that is not known yet). */
export interface KillMoment {
  readonly lines: number
  readonly share: number
}

/** One trial of `kill -9`. @param before the write that is in the directory already */
export async function killTrial(script: string, mode: TrialMode, directory: string, before: number, moment: KillMoment): Promise<KillTrial> {
  const child = spawn(process.execPath, [script, mode, directory], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  const times: number[] = []
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const reached = new Promise<void>((done) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      times.push(performance.now())
      if (output.split('\n').length > moment.lines) done()
    })
  })
  const closed = once(child, 'close')
  await Promise.race([reached, closed])
  const [began = 0, ended = began + 50] = times
  await new Promise((done) => setTimeout(done, moment.share * (ended - began)))
  const alive = child.kill('SIGKILL')
  await closed
  if (!alive || errors !== '') throw new Error(`The writing process ended by itself: ${errors}`)
  const lines = output.trim().split('\n')
  const insideWrite = lines.at(-1)?.startsWith('begin') ?? false
  const done = Number(lines.findLast((line) => line.startsWith('done'))?.slice(5) ?? 0)
  const found = await (mode === 'container' ? wholeContainer(directory) : wholeSet(directory))
  const last = Math.max(before, done)
  return { insideWrite, done, found, ok: found === last || (insideWrite && found === last + 1) }
}
