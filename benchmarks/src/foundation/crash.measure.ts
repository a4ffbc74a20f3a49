// kill -9 at random moments of build, add and save: what is opened afterwards is the old index or the new one, whole.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { vectorExtractor } from '@cbir/core'
import { openRetrievalPipeline } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { atLeast, atMost, type Row } from '../row.ts'
import { hasUnfinishedWrite } from '../unfinished-write.ts'
import { ADDED, BUILT, DIMENSIONS, loader } from './crash-child.ts'
import { killedRuns } from './killed-runs.ts'

const KILLS = 200
/** Of the children, so many are killed at a moment counted from the beginning of a write; the others at any moment. */
const AIMED = 0.75

export async function measure(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-crash-'))
  const directory = join(folder, 'index')
  let insideWrites = 0
  let version = 1
  const wrong: string[] = []
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const said = await killChild(directory, version, kill)
      if (await hasUnfinishedWrite(directory)) insideWrites++
      else if (await hasUnfinishedWrite(join(folder, 'copy'))) insideWrites++
      const allowed = allowedStates(said)
      const state = await stateOf(directory).catch((error: unknown) => `error ${String(error)}`)
      if (!allowed(state)) wrong.push(`kill ${kill}: ${state} after ${said.slice(-2).join(', ')}`)
      const copy = await stateOf(join(folder, 'copy')).catch((error: unknown) => `error ${String(error)}`)
      if (copy.startsWith('error') || copy.startsWith('damaged')) wrong.push(`kill ${kill}: copy ${copy}`)
      version = 1 + Math.max(version, ...said.map((line) => Number(line.split(' ')[1] ?? 0)))
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const how = `${KILLS} kills of a process that builds, adds, flushes and saves; ${insideWrites} of them inside a write${wrong.length > 0 ? `; ${wrong.slice(0, 3).join('; ')}` : ''}`
  return [
    atMost('crash.neither-old-nor-new', wrong.length, 0, 'of 200', how),
    atLeast('crash.inside-a-write', insideWrites, KILLS / 2, 'of 200', 'kills that left an unfinished generation behind'),
    ...(await killedRuns()),
  ]
}

/** Starts a child and kills it; gives what it said. */
async function killChild(directory: string, version: number, kill: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.js'), 'run', directory, String(version)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const aimed = Math.random() < AIMED
  const trigger = aimed ? ['flush', 'flushed', 'build'][kill % 3]! : 'ready'
  const reached = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      if (output.split('\n').some((line) => line.split(' ')[0] === trigger)) resolve()
    })
    child.on('close', () => resolve())
  })
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await reached
  await delay(Math.random() * (aimed ? 25 : 400))
  child.kill('SIGKILL')
  await closed
  return output.split('\n').filter(Boolean)
}

/** Every state that may be found: what was finished, or what was under way. */
function allowedStates(said: readonly string[]): (state: string) => boolean {
  const finished = said.filter((line) => /^(built|flushed)/.test(line)).at(-1)
  const under = said.filter((line) => /^(build|flush) /.test(line)).at(-1)
  const nameOf = (line: string): string => `${line.split(' ')[1]} ${/^buil/.test(line) ? BUILT : ADDED}`
  // A child that had not finished anything leaves what its predecessor left, which was checked then.
  if (!finished) return (state) => !/^(error|damaged)/.test(state)
  return (state) => state === nameOf(finished) || (under !== undefined && state === nameOf(under))
}

/** `<version> <items>`, or what is wrong. */
async function stateOf(directory: string): Promise<string> {
  const index = await flatIndex({ metric: 'euclidean', directory })
  try {
    if (index.count === 0) return 'nothing'
    const pipeline = await openRetrievalPipeline(directory, { loader, extractor: vectorExtractor(DIMENSIONS), index })
    const [any] = await pipeline.findSimilar('x', 1)
    const version = any?.metadata?.['version']
    for (let i = 0; i < pipeline.count; i += 97) {
      const id = `${version}/${i}`
      const [nearest] = await pipeline.findSimilar(id, 1)
      if (nearest?.id !== id || nearest.distance !== 0) return `damaged: ${id} is not its own nearest`
    }
    if (pipeline.count !== index.count || ![BUILT, ADDED].includes(pipeline.count)) return `damaged: ${pipeline.count} items, ${index.count} rows`
    return `${version} ${pipeline.count}`
  } finally {
    await index.dispose()
  }
}
