// The process that is killed: builds, adds, flushes and saves without end, and says before and after each what it does.

import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createRetrievalPipeline, functionVectorLoader, type VectorLoader, vectorExtractor } from '@cbir/core'
import { openRetrievalPipeline } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'

export const DIMENSIONS = 256
/** Items of a version after its build, and after the add. */
export const BUILT = 1500
export const ADDED = 2000

/** The vector of an item: any numbers that differ from item to item. */
export function vectorOf(id: string): number[] {
  let state = 7
  for (const letter of id) state = (Math.imul(state, 31) + letter.charCodeAt(0)) | 0
  return Array.from({ length: DIMENSIONS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

export const loader: VectorLoader<string, Float32Array> = functionVectorLoader('crash', vectorOf)

export function itemsOf(version: number, from: number, to: number): { id: string; data: string; metadata: { version: number } }[] {
  return Array.from({ length: to - from }, (_, i) => ({ id: `${version}/${from + i}`, data: `${version}/${from + i}`, metadata: { version } }))
}

/** Written at once, so that the parent knows what the process was doing when it died. */
function say(what: string): void {
  writeSync(1, `${what}\n`)
}

if (process.argv[2] === 'run') {
  const directory = process.argv[3]!
  let version = Number(process.argv[4])
  const index = await flatIndex({ metric: 'euclidean', directory })
  const pipeline =
    index.count > 0
      ? await openRetrievalPipeline(directory, { loader, extractor: vectorExtractor(DIMENSIONS), index })
      : createRetrievalPipeline({ loader, extractor: vectorExtractor(DIMENSIONS), index })
  say('ready')
  for (; ; version++) {
    say(`build ${version}`)
    await pipeline.build(itemsOf(version, 0, BUILT))
    say(`built ${version}`)
    await pipeline.add(itemsOf(version, BUILT, ADDED))
    say(`flush ${version}`)
    await pipeline.flush()
    say(`flushed ${version}`)
    await pipeline.save(join(directory, '..', 'copy'))
    say(`saved ${version}`)
  }
}
