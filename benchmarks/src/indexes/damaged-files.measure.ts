// 2000 randomly damaged files for each index, and as many of each library's own: opened in child processes, whose deaths are counted.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Persistable } from '@cbir/core'
import { atMost, type Row } from '../row.ts'
import type { DamageJob } from './damage-child.ts'
import { writeForeignFiles } from './foreign-files.ts'
import { createSubject, items, SUBJECTS } from './subjects.ts'
import { watchCases } from './watched-child.ts'

const CASES = 2000
const ROWS = 300
/** A case that says nothing for so long hangs. */
const PATIENCE = 30_000

interface Tally {
  readonly crashes: string[]
  readonly hangs: string[]
  readonly wrong: string[]
  readonly outcomes: Map<string, number>
}

function emptyTally(): Tally {
  return { crashes: [], hangs: [], wrong: [], outcomes: new Map() }
}

export async function measure(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-damage-'))
  try {
    const jobs = await prepare(folder)
    const tallies = jobs.map(emptyTally)
    const queue = jobs.map((job, i) => ({ job, tally: tallies[i]! }))
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) await runJob(next.job, next.tally)
    }
    await Promise.all(Array.from({ length: availableParallelism() }, worker))
    return merged(jobs, tallies).flatMap(([name, tally]) => rowsOf(name, tally))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What is whole, and the cases over it in parts, so that the cores share them. */
async function prepare(folder: string): Promise<DamageJob[]> {
  const vectors = join(folder, 'vectors.f32')
  const { data } = items(7, ROWS).vectors
  await writeFile(vectors, new Uint8Array(data.buffer))
  const foreign = await writeForeignFiles(folder, vectors, ROWS)
  const jobs: DamageJob[] = []
  const add = (subject: string, kind: 'own' | 'foreign', whole: readonly string[], others: readonly string[]): void => {
    const part = CASES / 4
    for (let from = 0; from < CASES; from += part) {
      jobs.push({ subject, kind, whole, others, scratch: join(folder, `scratch-${jobs.length}`), from, to: from + part, rows: ROWS })
    }
  }
  for (const subject of SUBJECTS) {
    const directory = join(folder, subject.name)
    const index = await createSubject(subject)
    await index.build([items(7, ROWS)])
    await (index as unknown as Persistable).save(directory)
    await index.dispose()
    const otherFiles = Object.entries(foreign).flatMap(([name, files]) => (name === subject.name ? [] : files))
    add(subject.name, 'own', [directory], [vectors, ...otherFiles])
    const files = foreign[subject.name]
    if (files && subject.fileConfig) add(subject.name, 'foreign', files, [vectors, ...otherFiles])
  }
  for (const { scratch } of jobs) await mkdir(scratch)
  return jobs
}

/** Runs the cases of a job; after a death or a hang, a new child goes on behind it. */
async function runJob(job: DamageJob, tally: Tally): Promise<void> {
  const program = join(import.meta.dirname, 'damage-child.js')
  for (let from = job.from; from < job.to; ) {
    const { next, death } = await watchCases(program, [JSON.stringify({ ...job, from })], from, job.to, PATIENCE, (number, line) => {
      const outcome = line.startsWith('wrong') ? 'wrong' : line
      tally.outcomes.set(outcome, (tally.outcomes.get(outcome) ?? 0) + 1)
      if (outcome === 'wrong') tally.wrong.push(`case ${number}: ${line}`)
    })
    if (death) (death.kind === 'hang' ? tally.hangs : tally.crashes).push(`case ${next - 1}: ${death.what}`)
    from = next
  }
}

function merged(jobs: readonly DamageJob[], tallies: readonly Tally[]): [string, Tally][] {
  const all = new Map<string, Tally>()
  for (const [i, { subject, kind }] of jobs.entries()) {
    const name = `${subject}.${kind}`
    const into: Tally = all.get(name) ?? emptyTally()
    all.set(name, into)
    const from = tallies[i]!
    into.crashes.push(...from.crashes)
    into.hangs.push(...from.hangs)
    into.wrong.push(...from.wrong)
    for (const [outcome, count] of from.outcomes) into.outcomes.set(outcome, (into.outcomes.get(outcome) ?? 0) + count)
  }
  return [...all]
}

function rowsOf(name: string, { crashes, hangs, wrong, outcomes }: Tally): Row[] {
  const kinds = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', ')
  const how = `${CASES} files: 1–64 flipped bytes, cut, grown, another type's; ${kinds}`
  const unit = `of ${CASES}`
  const own = name.endsWith('.own')
  return [
    atMost(`damaged.${name}.crashes`, crashes.length, 0, unit, [how, ...crashes.slice(0, 3)].join('; ')),
    atMost(`damaged.${name}.hangs`, hangs.length, 0, unit, [`nothing for ${PATIENCE / 1000} s`, ...hangs.slice(0, 3)].join('; ')),
    atMost(
      `damaged.${name}.${own ? 'not-rejected' : 'not-rejected-nor-within-bounds'}`,
      wrong.length,
      0,
      unit,
      [own ? 'every one must be rejected with a typed error' : 'rejected with a typed error, or answering within bounds', ...wrong.slice(0, 3)].join(
        '; ',
      ),
    ),
  ]
}
