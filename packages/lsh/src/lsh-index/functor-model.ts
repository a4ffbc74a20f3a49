// The model of a functor inside of a saved index: whatever the functor writes to a directory of its own, as files of the index's container.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type CallOptions, CbirError, type ContainerWriter, type LshFunctor, type OpenContainer, supports } from '@cbir/core'

/** Lists the paths of the files below, in JSON; file *i* is `functor-i`. */
const LIST = 'functor'

/** Writes the model of a functor that can be saved. */
export async function writeFunctorModel(functor: LshFunctor, writer: ContainerWriter, options: CallOptions): Promise<void> {
  if (!supports(functor, 'persist') || !functor.hasModel) return
  await inTemporaryDirectory(async (directory) => {
    await functor.save(directory, { signal: options.signal })
    const paths = await filesBelow(directory, '')
    await writer.write(LIST, [new TextEncoder().encode(JSON.stringify(paths))])
    for (const [i, path] of paths.entries()) await writer.write(`${LIST}-${i}`, [await readFile(join(directory, path))])
  })
}

/**
 * Gives a functor without a model the one that was saved with the index.
 * @throws CbirError NOT_TRAINED (none was saved, or the functor cannot take it), CORRUPT_DATA
 */
export async function readFunctorModel(functor: LshFunctor, container: OpenContainer, options: CallOptions): Promise<void> {
  if (functor.hasModel) return
  const saved = container.files.some(({ name }) => name === LIST)
  const load = supports(functor, 'persist') ? functor.load : undefined
  if (!saved || !load) {
    throw new CbirError(
      'NOT_TRAINED',
      `${functor.name} has no model, and ${saved ? 'it cannot take the one that was saved with the index' : 'none was saved with the index'}. ` +
        'Open the index with the functor that made its codes, trained.',
    )
  }
  const paths = pathsOf(await container.read(LIST, options))
  await inTemporaryDirectory(async (directory) => {
    for (const [i, path] of paths.entries()) {
      const bytes = await container.read(`${LIST}-${i}`, options)
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), bytes)
    }
    await load.call(functor, directory, { signal: options.signal })
  })
}

/** @throws CbirError CORRUPT_DATA for what is no list of paths inside of a directory */
function pathsOf(bytes: Uint8Array): readonly string[] {
  let paths: unknown
  try {
    paths = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    paths = undefined
  }
  const isInside = (path: unknown): boolean =>
    typeof path === 'string' && path.split('/').every((part) => /^[\w.-]+$/.test(part) && part !== '.' && part !== '..')
  if (Array.isArray(paths) && paths.every(isInside)) return paths as string[]
  throw new CbirError('CORRUPT_DATA', 'The saved index does not say which files its functor has. Restore it from a copy or build it again.')
}

async function filesBelow(directory: string, prefix: string): Promise<string[]> {
  const paths: string[] = []
  for (const entry of await readdir(join(directory, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) paths.push(...(await filesBelow(directory, path)))
    else if (entry.isFile()) paths.push(path)
  }
  return paths.sort()
}

async function inTemporaryDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'cbir-functor-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
