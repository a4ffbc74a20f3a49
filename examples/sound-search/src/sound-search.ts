// The sound search: a descriptor for every window of every recording, the recordings nearest to one of them, and the moment that is most alike.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { mfccLoader, type SoundInput, statisticsPooling } from '@cbir/audio-stft'
import {
  type CallOptions,
  CbirError,
  createDescriptorGenerator,
  createRetrievalPipeline,
  type DescriptorGenerator,
  type IngestReport,
  type VectorBatch,
} from '@cbir/core'
import { fileTree } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { type FoundSound, resultPage, type Sound } from './result-page.ts'
import { standardScores } from './standard-scores.ts'

const ENDINGS = ['wav', 'mp3', 'flac', 'ogg', 'opus']

export interface SoundSearchOptions extends CallOptions {
  /** Seconds of a window; half of them lie between two. Default 0.5. */
  readonly seconds?: number | undefined
}

export interface FoundSounds {
  readonly query: Sound
  readonly found: readonly FoundSound[]
}

export interface SoundSearch {
  readonly report: IngestReport
  /** What was searched, and how. */
  readonly facts: readonly string[]
  /** The `k` recordings most like one of the folder, which is left out itself; the first one where none is named. @throws CbirError NOT_FOUND */
  find(query: string | undefined, k: number, options?: CallOptions): Promise<FoundSounds>
  dispose(): Promise<void>
}

/** Indexes the recordings of a folder. @throws CbirError NOT_FOUND where there are none */
export async function openSoundSearch(folder: string, { seconds = 0.5, signal }: SoundSearchOptions = {}): Promise<SoundSearch> {
  const items: { id: string; data: string }[] = []
  for await (const { id } of fileTree(folder, { include: ENDINGS }).items({ signal })) items.push({ id, data: join(folder, id) })

  const loader = mfccLoader({ nMfcc: 20, nMels: 40, nFft: 1024, hopLength: 256, windows: { seconds, every: seconds / 2, tail: 'pad-short' } })
  const statistics = statisticsPooling({ features: 20 })
  const extractor = standardScores(statistics, await allDescriptors(createDescriptorGenerator(loader, statistics), items, signal))
  const index = await flatIndex({ metric: 'cosine' })
  const sounds = createRetrievalPipeline({ loader, extractor, index })
  const report = await sounds.build(items, { onError: 'skip', signal })

  return {
    report,
    facts: [`${report.items} recordings, ${report.parts} windows of ${seconds} s, mean and spread of 20 MFCCs as standard scores, cosine distance`],
    async find(query = items[0]?.id, k, options = {}) {
      const asked = items.find(({ id }) => id === query)
      if (!asked) throw new CbirError('NOT_FOUND', `There is no recording ${query} in ${folder}.`)
      const matches = await sounds.findSimilar(asked.data, k, { ...options, filter: (_, id) => id !== asked.id })
      const found = matches.map(({ id, distance, part }) => ({ id, distance, part, file: join(folder, id) }))
      return { query: { id: asked.id, file: asked.data }, found }
    },
    dispose: () => index.dispose(),
  }
}

/** The descriptors of all windows of the recordings that can be read, one after another. */
async function allDescriptors(
  generator: DescriptorGenerator<SoundInput>,
  items: readonly { readonly data: string }[],
  signal: AbortSignal | undefined,
): Promise<VectorBatch> {
  const batches: VectorBatch[] = []
  const files = items.map(({ data }) => data)
  for await (const { descriptors } of generator.generate(files, { onError: 'skip', signal })) if (descriptors) batches.push(descriptors.vectors)
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  if (count === 0) throw new CbirError('NOT_FOUND', `There are no recordings that can be read. They end in ${ENDINGS.join(', ')}.`)
  const { dimensions } = generator
  const data = new Float32Array(count * dimensions)
  let at = 0
  for (const batch of batches) {
    data.set(batch.data, at)
    at += batch.data.length
  }
  return { data, count, dimensions }
}

/** Writes the page to listen to what was found. */
export async function writeResultPage(page: string, { query, found }: FoundSounds, facts: readonly string[]): Promise<void> {
  await mkdir(dirname(page), { recursive: true })
  await writeFile(page, await resultPage({ query, found, facts }))
}
