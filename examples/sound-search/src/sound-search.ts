// The sound search: a descriptor for every window of every recording, the recordings nearest to one of them, and the moment that is most alike.

import { access, mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
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
  /** The names of the recordings, which are their places in the folder. */
  readonly ids: readonly string[]
  /**
   * The `k` recordings most like one of the folder, which is left out itself, or like any file; the first one of the folder where none is named.
   * @throws CbirError NOT_FOUND
   */
  find(query: string | undefined, k: number, options?: CallOptions): Promise<FoundSounds>
  dispose(): Promise<void>
}

/** Indexes the recordings of a folder. @throws CbirError NOT_FOUND where there are none */
export async function openSoundSearch(folder: string, { seconds = 0.5, signal, onProgress }: SoundSearchOptions = {}): Promise<SoundSearch> {
  const items: { id: string; data: string }[] = []
  for await (const { id } of fileTree(folder, { include: ENDINGS }).items({ signal })) items.push({ id, data: join(folder, id) })

  const loader = mfccLoader({ nMfcc: 20, nMels: 40, nFft: 1024, hopLength: 256, windows: { seconds, every: seconds / 2, tail: 'pad-short' } })
  const statistics = statisticsPooling({ features: 20 })
  const extractor = standardScores(statistics, await allDescriptors(createDescriptorGenerator(loader, statistics), items, signal))
  const index = await flatIndex({ metric: 'cosine' })
  const sounds = createRetrievalPipeline({ loader, extractor, index })
  const report = await sounds.build(items, { onError: 'skip', signal, onProgress })
  const left = new Set(report.skipped.map(({ id }) => id))
  const ids = items.map(({ id }) => id).filter((id) => !left.has(id))

  return {
    report,
    facts: [
      `Searched: ${report.items} recordings, ${report.parts} moments of ${seconds} s, each described by mean and spread of 20 mel-frequency cepstral coefficients, as standard scores; cosine distance.`,
    ],
    ids,
    async find(query = ids[0] ?? '', k, options = {}) {
      const file = ids.includes(query) ? join(folder, query) : query
      const asked = { id: ids.includes(query) ? query : basename(query), file }
      const isThere = await access(file).then(
        () => true,
        () => false,
      )
      if (!isThere) throw new CbirError('NOT_FOUND', `There is no recording ${query}, neither in ${folder} nor as a file.`)
      const matches = await sounds.findSimilar(file, k, { ...options, filter: (_, id) => id !== query })
      const found = matches.map(({ id, distance, part }) => ({ id, distance, part, file: join(folder, id) }))
      return { query: asked, found }
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
