// kill -9 at random moments of save, over all indexes: what is opened afterwards is the old index or the new one, whole.

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { atLeast, atMost, type Row } from '../row.ts'
import { hasUnfinishedWrite } from '../unfinished-write.ts'
import { KILL_DIMENSIONS, KILL_ROWS } from './kill-child.ts'
import { createSubject, items, SUBJECTS, type Subject } from './subjects.ts'

const KILLS = 500
/** Distances are those of the vectors that the version was built from, up to the order of a sum. */
const TOLERANCE = 1e-3

interface Outcome {
  readonly kills: number
  readonly insideWrites: number
  readonly wrong: readonly string[]
}

export async function measure(): Promise<Row[]> {
  const each = Math.ceil(KILLS / SUBJECTS.length)
  const outcomes = new Map<string, Outcome>()
  const queue = [...SUBJECTS]
  // Two at a time: a killed process leaves its core to the other.
  const worker = async (): Promise<void> => {
    for (let subject = queue.shift(); subject; subject = queue.shift()) outcomes.set(subject.name, await killAll(subject, each))
  }
  await Promise.all([worker(), worker()])
  const all = [...outcomes.values()]
  const kills = sum(all.map((outcome) => outcome.kills))
  const inside = sum(all.map(({ insideWrites }) => insideWrites))
  const wrong = all.flatMap((outcome) => outcome.wrong)
  const apart = [...outcomes].map(([name, outcome]) => `${name} ${outcome.insideWrites} of ${outcome.kills} inside a write`).join(', ')
  const how = `${kills} kills of processes that save one version after the other (${KILL_ROWS} × ${KILL_DIMENSIONS}), at random moments of the save; every row of what is found is compared with its version; ${apart}`
  return [
    atMost('kills.neither-old-nor-new', wrong.length, 0, `of ${kills}`, [how, ...wrong.slice(0, 3)].join('; ')),
    atLeast('kills.inside-a-write', inside, kills / 2, `of ${kills}`, 'kills that left an unfinished generation behind'),
  ]
}

async function killAll(subject: Subject, kills: number): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-kills-'))
  const directory = join(folder, 'index')
  const wrong: string[] = []
  let insideWrites = 0
  let version = 1
  let state = 'nothing'
  let duration = 20
  try {
    for (let kill = 0; kill < kills; kill++) {
      const said = await killChild(subject, directory, version, duration)
      if (await hasUnfinishedWrite(directory)) insideWrites++
      const saved = said.filter(([what]) => what === 'saved')
      const begun = said.filter(([what]) => what === 'save').at(-1)
      const before = state
      const old = saved.at(-1)?.[1] ?? before
      state = await stateOf(subject, directory).catch((error: unknown) => `error: ${String(error)}`)
      if (state !== old && state !== begun?.[1]) wrong.push(`${subject.name}: ${state} where ${old} or ${begun?.[1]} was due`)
      // Moments are drawn from the time that a save takes here and now.
      if (saved.length > 0) duration = (duration + Number(saved.at(-1)![2])) / 2
      version = Number(begun?.[1] ?? version) + 1
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return { kills, insideWrites, wrong }
}

/** Starts a child and kills it in its first, second or third save; gives what it said, in words. */
async function killChild(subject: Subject, directory: string, version: number, duration: number): Promise<string[][]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.js'), 'run', subject.name, directory, String(version)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const wanted = 1 + Math.floor(Math.random() * 3)
  let output = ''
  const reached = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      if (output.split('\n').filter((line) => line.startsWith('save ')).length >= wanted) resolve()
    })
    child.on('close', () => resolve())
  })
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await reached
  await delay(Math.random() * duration)
  child.kill('SIGKILL')
  await closed
  const lines = output.split('\n')
  return lines.slice(0, -1).map((line) => line.split(' '))
}

/** The version that the directory holds, or what is wrong with it. */
async function stateOf(subject: Subject, directory: string): Promise<string> {
  const index = await createSubject(subject, { directory })
  try {
    if (index.count === 0) return 'nothing'
    if (index.count !== KILL_ROWS) return `damaged: ${index.count} rows`
    const query = items(0, 1, '', KILL_DIMENSIONS).vectors
    const { uids, distances } = await index.nearest(query, KILL_ROWS)
    const version = uids[0]!.split('/')[0]!
    const { data } = items(Number(version), KILL_ROWS, '', KILL_DIMENSIONS).vectors
    if (new Set(uids).size !== KILL_ROWS) return `damaged: ${new Set(uids).size} names for ${KILL_ROWS} rows`
    for (const [i, uid] of uids.entries()) {
      const [found, row] = uid.split('/')
      if (found !== version) return `damaged: rows of ${version} and of ${found}`
      const from = Number(row) * KILL_DIMENSIONS
      const squared = query.data.reduce((total, x, d) => total + (x - data[from + d]!) ** 2, 0)
      if (Math.abs(Math.sqrt(squared) - distances[i]!) > TOLERANCE) return `damaged: row ${uid} is at ${distances[i]}, not ${Math.sqrt(squared)}`
    }
    return version
  } finally {
    await index.dispose()
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
