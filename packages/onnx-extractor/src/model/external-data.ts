// External data: weights that lie in files beside the model. Their names come from the model, so they are checked before they are opened.

import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { CbirError } from '@cbir/core'

/** A data file: as the model names it, and where it is. */
export interface ExternalFile {
  readonly location: string
  readonly path: string
}

/**
 * The data files of a model. None may lie outside the model's folder, links followed (the folder of the model's own target counts as well:
 * caches of model hubs keep both files behind links).
 * @throws CbirError INVALID_MODEL for a name that leads out of the folder, or for a model that was given as bytes; NOT_FOUND
 */
export async function locateExternalData(modelPath: string | undefined, locations: readonly string[]): Promise<ExternalFile[]> {
  if (locations.length === 0) return []
  if (modelPath === undefined) {
    throw new CbirError(
      'INVALID_MODEL',
      `The weights of this model lie in other files (${locations.slice(0, 3).join(', ')}). Give the path of the model instead of its bytes.`,
    )
  }
  const folder = dirname(resolve(modelPath))
  const trusted = [await realpath(folder), dirname(await realpath(modelPath))]
  const files: ExternalFile[] = []
  for (const location of locations) {
    const path = resolve(folder, location)
    if (location.includes('\0') || isAbsolute(location) || !isInside(folder, path)) throw outside(location)
    files.push({ location, path: await follow(path, location, trusted) })
  }
  return files
}

async function follow(path: string, location: string, trusted: readonly string[]): Promise<string> {
  let target: string
  try {
    target = await realpath(path)
  } catch (cause) {
    throw new CbirError('NOT_FOUND', `The model keeps weights in "${location}", which is not at ${path}. Put that file beside the model.`, { cause })
  }
  if (!trusted.some((folder) => isInside(folder, target))) throw outside(location)
  return target
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(location: string): CbirError {
  return new CbirError(
    'INVALID_MODEL',
    `The model names the data file "${location}", which lies outside the folder of the model. That is not read. Put the data beside the model and export it again.`,
  )
}
