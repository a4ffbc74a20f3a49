// The photo search: computes a vector for each picture of a folder, finds those nearest to the query, and shows them on a page.

import { join, relative, resolve, sep } from 'node:path'
import { createRetrievalPipeline } from '@cbir/core'
import { openFileDescriptorSet } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import type { Arguments } from './arguments.ts'
import { chooseQuery } from './choose-query.ts'
import { classicDescriptor, modelDescriptor } from './descriptor.ts'
import { type BadFile, findPictures, listBadFiles } from './find-pictures.ts'
import { makePictureSet } from './picture-set/make-picture-set.ts'
import { precisionOf } from './precision.ts'
import { rawPixels } from './raw-pixels.ts'
import { writeResultPage } from './result-page.ts'
import type { Screen } from './screen.ts'
import { stateFolder } from './state-folder.ts'

export interface Surroundings {
  readonly screen: Screen
  /** Where states and the generated pictures are kept. */
  readonly cache: string
  readonly signal: AbortSignal
  /** Generated pictures of each kind. */
  readonly perKind?: number | undefined
}

/** Gives the path of the page. What was computed stays when it is aborted, and the next call goes on from there. */
export async function photoSearch({ folder: given, query: example, model, k, metric }: Arguments, surroundings: Surroundings): Promise<string> {
  const { screen, cache, signal, perKind } = surroundings
  const folder = given ?? join(cache, 'pictures')
  if (given === undefined) await screen.step('Making pictures', (onProgress) => makePictureSet(folder, { signal, onProgress }, perKind))

  const opened: { dispose(): Promise<void> }[] = []
  const bad: BadFile[] = []
  try {
    const pictures = await findPictures(folder, bad, { signal })
    const descriptor = model ? await modelDescriptor(model) : classicDescriptor()
    opened.push(descriptor.extractor)
    const query = await chooseQuery(descriptor, folder, pictures, example, { signal })

    const state = await stateFolder(cache, folder)
    const store = await openFileDescriptorSet({ directory: join(state, 'descriptors') })
    opened.push(store)
    const index = await flatIndex({ metric })
    opened.push(index)
    const photos = createRetrievalPipeline({ ...descriptor, index, store })

    const total = pictures.length
    const report = await screen.step('Indexing', (onProgress) => photos.build(pictures, { onError: 'skip', signal, onProgress }), total)
    for (const { id = '', error } of report.skipped) bad.push({ id, reason: error.message })
    screen.line(`${report.items} pictures in the index: reused ${report.reused}, computed ${report.computed}`)

    const itself = relative(folder, query.file).split(sep).join('/')
    const matches = await photos.findSimilar(query.file, k, { signal, filter: (_, id) => id !== itself })
    const facts = [`${report.items} pictures in ${resolve(folder)}`, `${descriptor.extractor.name}, ${metric} distance`]
    const page = join(state, 'result.html')
    await writeResultPage(page, { folder, query, matches, facts })

    if (given === undefined) {
      const options = { k, store, signal }
      const own = await screen.step('Measuring', (onProgress) => precisionOf(descriptor, pictures, { ...options, metric, onProgress }), total)
      const raw = await screen.step(
        'Raw pixels',
        (onProgress) => precisionOf(rawPixels(), pictures, { ...options, metric: 'euclidean', onProgress }),
        total,
      )
      screen.line(`precision@${k}: ${own.toFixed(3)} (${descriptor.extractor.name}), ${raw.toFixed(3)} (raw pixels)`)
    }
    listBadFiles(bad, screen)
    screen.line(`Result: ${page}`)
    return page
  } finally {
    for (const component of opened.reverse()) await component.dispose()
  }
}
