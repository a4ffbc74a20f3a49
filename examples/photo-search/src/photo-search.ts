// The photo search: computes a vector for each picture of a folder, finds those nearest to the query, and shows them on a page.

import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { createRetrievalPipeline, type Metric } from '@cbir/core'
import { openFileDescriptorSet } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import type { Arguments } from './arguments.ts'
import { classicDescriptor, type Descriptor, modelDescriptor } from './descriptor.ts'
import { type BadFile, findPictures } from './find-pictures.ts'
import { makePictureSet } from './picture-set/make-picture-set.ts'
import { precisionOf } from './precision.ts'
import { rawPixels } from './raw-pixels.ts'
import { resultPage } from './result-page.ts'
import type { Screen } from './screen.ts'
import { stateFolder } from './state-folder.ts'
import { thumbnail } from './thumbnail.ts'

export interface Surroundings {
  readonly screen: Screen
  /** Where states and the generated pictures are kept. */
  readonly cache: string
  readonly signal: AbortSignal
  /** Generated pictures of each kind. */
  readonly perKind?: number | undefined
}

/** Gives the path of the page. What was computed stays when it is aborted, and the next call goes on from there. */
export async function photoSearch({ folder: given, query, model, k, metric }: Arguments, surroundings: Surroundings): Promise<string> {
  const { screen, cache, signal, perKind } = surroundings
  const folder = given ?? join(cache, 'pictures')
  if (given === undefined) await screen.step('Making pictures', (onProgress) => makePictureSet(folder, { signal, onProgress }, perKind))

  const bad: BadFile[] = []
  const pictures = await findPictures(folder, bad, { signal })
  const state = await stateFolder(cache, folder)
  const descriptor = model ? await modelDescriptor(model) : classicDescriptor()
  const store = await openFileDescriptorSet({ directory: join(state, 'descriptors') })
  const index = await flatIndex({ metric })
  try {
    const pipeline = createRetrievalPipeline({ ...descriptor, index, store })
    const report = await screen.step('Indexing', (onProgress) => pipeline.build(pictures, { onError: 'skip', signal, onProgress }), pictures.length)
    for (const { id, error } of report.skipped) bad.push({ id: id ?? '', reason: error.message })
    screen.line(`${report.items} pictures in the index: reused ${report.reused}, computed ${report.computed}`)

    const file = query ?? join(folder, pictures.find(({ id }) => pipeline.has(id))?.id ?? '')
    const queryId = relative(folder, resolve(file)).split(sep).join('/')
    const matches = await pipeline.findSimilar(file, k, { signal, filter: (_, id) => id !== queryId })

    const page = join(state, 'result.html')
    await mkdir(state, { recursive: true })
    await writeFile(
      page,
      resultPage({
        title: `Like ${query ?? queryId}`,
        facts: [`${report.items} pictures in ${resolve(folder)}`, `${descriptor.extractor.name}, ${metric} distance`],
        query: { id: query ?? queryId, image: await thumbnail(file) },
        matches: await Promise.all(matches.map(async ({ id, distance }) => ({ id, distance, image: await thumbnail(join(folder, id)) }))),
      }),
    )

    if (given === undefined) {
      const precision = (name: string, what: Descriptor, by: Metric): Promise<number> =>
        screen.step(name, (onProgress) => precisionOf(what, pictures, { k, metric: by, store, signal, onProgress }), pictures.length)
      const own = await precision('Measuring', descriptor, metric)
      const raw = await precision('Raw pixels', rawPixels(), 'euclidean')
      screen.line(`precision@${k}: ${own.toFixed(3)} (${descriptor.extractor.name}), ${raw.toFixed(3)} (raw pixels)`)
    }
    if (bad.length > 0) screen.line(`${bad.length} ${bad.length === 1 ? 'file' : 'files'} could not be used:`)
    for (const { id, reason } of bad) screen.line(`  ${JSON.stringify(id)}: ${reason}`)
    screen.line(`Result: ${page}`)
    return page
  } finally {
    await Promise.all([index.dispose(), store.dispose(), descriptor.extractor.dispose()])
  }
}
