// Caltech 2k: 100 classes of 20 photos, and the scores of a ranking of them.

import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { DataElement, VectorLoader } from '@cbir/core'
import { createDescriptorGenerator, type FeatureExtractor, type Metric } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { testData } from '../test-data.ts'

export interface Photo {
  readonly file: string
  readonly label: string
  readonly path: string
}

/** The photos in the order of the manifest. */
export async function caltechPhotos(): Promise<Photo[]> {
  const folder = testData('images', 'caltech101-2k')
  const manifest = readdirSync(folder).find((name) => name.endsWith('.json')) ?? 'manifest.json'
  const { images } = JSON.parse(await readFile(`${folder}/${manifest}`, 'utf8')) as { images: { file: string; label: string }[] }
  return images.map(({ file, label }) => ({ file, label, path: `${folder}/${file}` }))
}

export interface Scores {
  readonly map: number
  readonly p1: number
  readonly p5: number
  readonly p10: number
}

/**
 * Leave one out: the mean over all photos of the average precision, and of the precision at 1, 5 and 10. `ranking(i)` gives all photos, closest
 * first, as positions in `photos`; relevant are the others of the same class.
 */
export async function leaveOneOut(photos: readonly Pick<Photo, 'label'>[], ranking: (query: number) => Promise<readonly number[]>): Promise<Scores> {
  const sum = { map: 0, p1: 0, p5: 0, p10: 0 }
  for (let query = 0; query < photos.length; query++) {
    const others = (await ranking(query)).filter((photo) => photo !== query)
    const relevant = others.map((photo) => photos[photo]!.label === photos[query]!.label)
    let found = 0
    let precisions = 0
    relevant.forEach((is, rank) => {
      if (is) precisions += ++found / (rank + 1)
    })
    const precisionAt = (k: number): number => relevant.slice(0, k).filter(Boolean).length / k
    sum.map += found === 0 ? 0 : precisions / found
    sum.p1 += precisionAt(1)
    sum.p5 += precisionAt(5)
    sum.p10 += precisionAt(10)
  }
  const n = photos.length
  return { map: sum.map / n, p1: sum.p1 / n, p5: sum.p5 / n, p10: sum.p10 / n }
}

/** The scores of a loader and an extractor, with exact search. */
export async function scoreDescriptor<T>(
  photos: readonly Photo[],
  loader: VectorLoader<DataElement, T>,
  extractor: FeatureExtractor<T>,
  metric: Metric,
): Promise<Scores> {
  const { dimensions } = extractor
  const data = new Float32Array(photos.length * dimensions)
  let row = 0
  for await (const { descriptors } of createDescriptorGenerator(loader, extractor).generate(photos.map(({ path }) => fileDataElement(path)))) {
    if (descriptors) data.set(descriptors.vectors.data, row * dimensions)
    row++
  }
  const vectors = { data, count: photos.length, dimensions }
  const index = await flatIndex({ metric })
  await index.build([{ uids: photos.map((_, i) => String(i)), vectors }])
  const rankings = await index.nearest(vectors, photos.length)
  const scores = await leaveOneOut(photos, async (query) => rankings.hits(query).map(({ uid }) => Number(uid)))
  await index.dispose()
  return scores
}
