// kill -9 at random moments of add, flush and save: what is opened afterwards is what was written last, or what was being written, and whole.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { audioFingerprint } from '@cbir/audio-fingerprint'
import { build, type Plugin } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { melody } from './support/sounds.ts'

const KILLS = 25
const RATE = 11_025

/** What is bundled finds its addon and its WebAssembly beside its source. */
const modulesKnowTheirPlace: Plugin = {
  name: 'modules-know-their-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /packages[/\\][^/\\]+[/\\]src[/\\].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    })),
}

let folder: string
let script: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cbir-fingerprint-kill-'))
  script = join(folder, 'killed-child.mjs')
  await build({
    entryPoints: [resolve(import.meta.dirname, 'support/killed-child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@cbir/source'],
    // Decoders, which nobody calls here.
    external: ['mpg123-decoder', 'opus-decoder', '@wasm-audio-decoders/*'],
    plugins: [modulesKnowTheirPlace],
    logLevel: 'error',
  })
})
afterAll(() => rm(folder, { recursive: true }))

test('a matcher whose process is killed while it writes', async () => {
  const directory = join(folder, 'matcher')
  const copy = join(folder, 'copy')
  let count = 0
  let inside = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await killedChild(directory, copy, kill)
    if ((await isUnfinished(directory)) || (await isUnfinished(copy))) inside++
    const done = Number(said.findLast((line) => line.startsWith('done'))?.slice(5) ?? count)
    const begun = Number(said.findLast((line) => line.startsWith('begin'))?.slice(6) ?? done)
    const found = await wholeMatcher(directory)
    expect([done, begun], `kill ${kill}: ${said.slice(-2).join(', ')}`).toContain(found)
    const copied = await wholeMatcher(copy)
    // The copy of a run before may be older than what that run flushed.
    expect(copied).toBeGreaterThanOrEqual(said.some((line) => line.startsWith('done')) ? done : 0)
    expect(copied).toBeLessThanOrEqual(found)
    count = found
  }
  expect(count).toBeGreaterThan(KILLS / 2)
  expect(inside).toBeGreaterThan(KILLS / 10)
})

/** Starts a process that writes, and kills it in one of its first writes, or soon after; gives the lines that it said. */
async function killedChild(directory: string, copy: string, kill: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, directory, copy], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += String(chunk)
  })
  const reached = new Promise<void>((done) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      if (output.split('\n').filter((line) => line.startsWith('begin')).length > kill % 3) done()
    })
  })
  const closed = once(child, 'close')
  await Promise.race([reached, closed])
  await delay(Math.random() * 12)
  const alive = child.kill('SIGKILL')
  await closed
  if (!alive || errors !== '') throw new Error(`The writing process ended by itself: ${errors}`)
  return output.split('\n').slice(0, -1)
}

/** Whether something lies there that the current generation does not account for. */
async function isUnfinished(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => [])
  const current = await readFile(join(directory, 'CURRENT'), 'utf8').catch(() => '')
  return names.some((name) => name !== 'CURRENT' && !name.includes('lock') && !current.includes(name))
}

const cuts: Float32Array[] = []

/** How many recordings a directory holds; each of them is recognised. */
async function wholeMatcher(directory: string): Promise<number> {
  const matcher = await audioFingerprint({ directory })
  try {
    for (let i = 0; i < matcher.count; i++) {
      cuts[i] ??= melody(i, 8).slice(2 * RATE, 7 * RATE)
      const found = await matcher.match({ samples: cuts[i]!, sampleRate: RATE })
      if (found?.id !== `piece ${i}` || Math.abs(found.offset - 2) > 0.1)
        throw new Error(`Piece ${i} of ${matcher.count} is found as ${JSON.stringify(found)}.`)
    }
    return matcher.count
  } finally {
    await matcher.dispose()
  }
}
