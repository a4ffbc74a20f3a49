// The picture to look for, tried out before the long work: a wrong file, or a model that wants other pictures, is known at once.

import { join } from 'node:path'
import { type CallOptions, CbirError } from '@cbir/core'
import type { FileItem } from '@cbir/core/node'
import type { ImageTensor } from '@cbir/image-loader'
import type { Descriptor } from './descriptor.ts'

export interface Query {
  /** What the page calls it. */
  readonly name: string
  readonly file: string
}

/**
 * What the person gave, else the first picture of the folder that can be read.
 * @throws CbirError NOT_FOUND, LOAD_FAILED, … for what was given; LOAD_FAILED where no picture can be read; EXTRACT_FAILED, INVALID_ARGUMENT, … from
 * a model that does not fit
 */
export async function chooseQuery(
  { loader, extractor }: Descriptor,
  folder: string,
  pictures: readonly FileItem[],
  given: string | undefined,
  options: CallOptions,
): Promise<Query> {
  const candidates = given === undefined ? pictures.map(({ id }) => ({ name: id, file: join(folder, id) })) : [{ name: given, file: given }]
  const skipped: { id: string; error: Error }[] = []
  for (const candidate of candidates) {
    const values: ImageTensor[] = []
    try {
      for await (const { value } of loader.load(candidate.file, options)) values.push(value)
    } catch (error) {
      if (given !== undefined || !CbirError.isInstance(error) || error.code === 'ABORTED') throw error
      skipped.push({ id: candidate.name, error })
      continue
    }
    await extractor.extract(values, options)
    return candidate
  }
  throw new CbirError('LOAD_FAILED', `None of the ${pictures.length} pictures in ${folder} can be read.`, { details: { skipped } })
}
