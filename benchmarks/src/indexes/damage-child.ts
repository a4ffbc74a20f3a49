// The process that opens damaged files: says which before it begins, and what became of it.

import { writeSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomFrom } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { type AnyIndex, adapterOf } from './adapters.ts'
import { damaged } from './damage.ts'
import { createSubject, items, SIZE, subjectOf } from './subjects.ts'

/** What the parent hands down. */
export interface DamageJob {
  readonly subject: string
  /** `own`: a directory that our index saved; `foreign`: a file of the library. */
  readonly kind: 'own' | 'foreign'
  /** The directory, or the files of which each case takes one. */
  readonly whole: readonly string[]
  /** Files of other types. */
  readonly others: readonly string[]
  readonly scratch: string
  readonly from: number
  readonly to: number
  /** Rows in what is whole. */
  readonly rows: number
}

const QUERIES = 5
const K = 10

function say(what: string): void {
  writeSync(1, `${what}\n`)
}

if (process.argv[2] === 'run') {
  const job = JSON.parse(process.argv[3]!) as DamageJob
  const others = await Promise.all(job.others.map((file) => readFile(file)))
  for (let number = job.from; number < job.to; number++) {
    say(`case ${number}`)
    say(`${await outcomeOf(job, number, others)}`)
  }
}

/** `typed <code>`, `answered`, or what is wrong. */
async function outcomeOf(job: DamageJob, number: number, others: readonly Uint8Array[]): Promise<string> {
  const { uniform: random } = randomFrom(number)
  let index: AnyIndex
  try {
    index = job.kind === 'own' ? await openOwn(job, random, others) : await openForeign(job, random, others)
  } catch (error) {
    return CbirError.isInstance(error) ? `typed ${error.code}` : `wrong: untyped ${String(error).slice(0, 200).replaceAll('\n', ' ')}`
  }
  try {
    return job.kind === 'own' ? 'wrong: opened as if whole' : await answerOf(index, job.rows)
  } catch (error) {
    return CbirError.isInstance(error) ? `typed ${error.code}` : `wrong: untyped ${String(error).slice(0, 200).replaceAll('\n', ' ')}`
  } finally {
    await index.dispose()
  }
}

async function openOwn(job: DamageJob, random: () => number, others: readonly Uint8Array[]): Promise<AnyIndex> {
  const directory = join(job.scratch, 'index')
  await rm(directory, { recursive: true, force: true })
  await cp(job.whole[0]!, directory, { recursive: true })
  const names = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const chosen = names[Math.floor(random() * names.length)]!
  const file = join(chosen.parentPath, chosen.name)
  await writeFile(file, damaged(await readFile(file), others, random))
  return createSubject(subjectOf(job.subject), { directory })
}

async function openForeign(job: DamageJob, random: () => number, others: readonly Uint8Array[]): Promise<AnyIndex> {
  await mkdir(job.scratch, { recursive: true })
  const whole = job.whole[Math.floor(random() * job.whole.length)]!
  const file = join(job.scratch, 'foreign')
  await writeFile(file, damaged(await readFile(whole), others, random))
  return adapterOf(job.subject).importFile!(file, subjectOf(job.subject).fileConfig!)
}

/** Whether an index that took a damaged file answers within bounds: names of its own rows, numbers in order. */
async function answerOf(index: AnyIndex, rows: number): Promise<string> {
  if (index.count === 0) return 'answered'
  if (index.count > 2 * rows) return `wrong: ${index.count} rows`
  const dimensions = index.dimensions ?? SIZE
  const { vectors } = items(1, QUERIES, '', dimensions)
  const { uids, distances, offsets } = await index.nearest(vectors, K)
  for (let query = 0; query < QUERIES; query++) {
    const from = offsets[query]!
    const to = offsets[query + 1]!
    if (to - from !== Math.min(K, index.count)) return `wrong: ${to - from} neighbours of ${index.count} rows`
    if (new Set(uids.slice(from, to)).size !== to - from) return 'wrong: a row twice'
    for (let i = from; i < to; i++) {
      if (Number.isNaN(distances[i])) return 'wrong: NaN'
      if (i > from && distances[i]! < distances[i - 1]!) return 'wrong: not in order'
    }
  }
  return 'answered'
}
