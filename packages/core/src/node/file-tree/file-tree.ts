// fileTree: the files below a folder, as the items of a pipeline and as a data set.

import { join, resolve } from 'node:path'
import type { CallOptions } from '../../component/call-options.ts'
import { definePlugin, type PluginFactory } from '../../config/define-plugin.ts'
import { field, objectSchema } from '../../config/object-schema.ts'
import type { DataElement } from '../../data-element/data-element.ts'
import type { DataSet } from '../../data-set/data-set.ts'
import { defineDataSet } from '../../data-set/define-data-set.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { toCbirError } from '../../errors/wrap-error.ts'
import { fileDataElement } from '../data-element/file-data-element.ts'
import { type UnreadablePath, walkFiles } from './walk-files.ts'

const NAME = 'file-tree'

export interface FileTreeOptions {
  /** Endings such as `['.jpg', 'png']`, in any case; or a test of the id. Every file where not given. */
  readonly include?: readonly string[] | ((id: string) => boolean) | undefined
  /** Whether symbolic links to files, and to folders outside of the root, are followed; true where not given. */
  readonly followSymlinks?: boolean | undefined
  /** What happens at a file or folder that cannot be read: `throw` (where not given) or `skip`. */
  readonly onError?: 'throw' | 'skip' | undefined
  /** Told of each that was skipped, with its cause. */
  readonly onSkip?: ((skipped: UnreadablePath) => void) | undefined
}

export interface FileTreeConfig {
  readonly root: string
  readonly include?: readonly string[] | undefined
  readonly followSymlinks: boolean
  readonly onError: 'throw' | 'skip'
}

/** One file: its id is its path below the root with `/` between names, on every system. */
export interface FileItem {
  readonly id: string
  readonly data: DataElement
}

/**
 * A read-only data set of files. Every call looks at the disk anew, so files that come and go are noticed; SHA-1s are kept as long as size and
 * time of a file stay.
 */
export interface FileTree extends DataSet {
  readonly root: string
  /**
   * The files, sorted by id (UTF-16 code units), found while they are asked for. Empty files and files of equal bytes are all there; pipes and devices are not.
   * @throws CbirError NOT_FOUND (the root), IO_FAILED, ABORTED
   */
  items(options?: CallOptions): AsyncIterable<FileItem>
}

/** The plugin: makes a tree from `{ root, include?, followSymlinks?, onError? }`. */
export const fileTreePlugin: PluginFactory<Omit<FileTreeOptions, 'onSkip'> & { readonly root: string }, FileTreeConfig, FileTree> = definePlugin({
  kind: 'data-set',
  interfaces: ['DataSet'],
  name: NAME,
  package: '@cbir/core',
  configSchema: objectSchema<FileTreeConfig>({
    root: field.string({ minLength: 1 }),
    include: field.array(field.string({ minLength: 1 }), { optional: true }),
    followSymlinks: field.boolean({ default: true }),
    onError: field.oneOf(['throw', 'skip'], { default: 'throw' }),
  }),
  create: ({ root, ...options }) => fileTree(root, options),
})

/**
 * The files below the folder `root`. A tree made with functions cannot be written as a configuration (`NOT_SERIALIZABLE`).
 * @throws CbirError INVALID_ARGUMENT
 */
export function fileTree(root: string, options: FileTreeOptions = {}): FileTree {
  if (typeof root !== 'string' || root === '')
    throw new CbirError('INVALID_ARGUMENT', `The folder of a file tree must be a path, got ${JSON.stringify(root)}.`)
  const { include, followSymlinks = true, onError = 'throw', onSkip } = options
  if (onError !== 'throw' && onError !== 'skip')
    throw new CbirError('INVALID_ARGUMENT', `onError must be "throw" or "skip", got ${JSON.stringify(onError)}.`)
  const accepts = acceptance(include)
  const full = resolve(root)
  const onUnreadable = (path: UnreadablePath): void => {
    if (onError === 'throw') throw path.cause
    onSkip?.(path)
  }
  // The elements of a walk before are used again, for they know their digests.
  let known = new Map<string, DataElement>()
  let byUuid = new Map<string, string>()

  const elementOf = (id: string): DataElement => known.get(id) ?? fileDataElement(join(full, id), { readOnly: true })

  async function* items(call: CallOptions = {}): AsyncGenerator<FileItem, void, undefined> {
    for await (const id of walkFiles(full, { followSymlinks, accepts, onUnreadable }, call)) yield { id, data: elementOf(id) }
  }

  /** Finds the first file of each uuid; reads every file that is new or has changed. */
  async function scan(call: CallOptions): Promise<void> {
    const seen = new Map<string, DataElement>()
    const first = new Map<string, string>()
    for await (const { id, data } of items(call)) {
      try {
        const uuid = await data.uuid(call)
        seen.set(id, data)
        if (!first.has(uuid)) first.set(uuid, id)
      } catch (error) {
        if (CbirError.isInstance(error, 'ABORTED')) throw error
        onUnreadable({ id, cause: toCbirError(error, 'IO_FAILED', `${id} could not be read`) })
      }
    }
    known = seen
    byUuid = first
  }

  /** The file that was found for a uuid, if it still has those bytes. */
  async function lookUp(uuid: string, call: CallOptions): Promise<DataElement | undefined> {
    const id = byUuid.get(uuid)
    if (id === undefined) return undefined
    const element = elementOf(id)
    try {
      return (await element.uuid(call)) === uuid ? element : undefined
    } catch (error) {
      if (CbirError.isInstance(error, 'ABORTED')) throw error
      return undefined
    }
  }

  const set = defineDataSet(
    { name: NAME, package: '@cbir/core', config: { root, include, followSymlinks, onError, onSkip } },
    {
      async count(call) {
        let count = 0
        for await (const _ of items(call)) count++
        return count
      },
      async get(uuids, call) {
        const found = await inOrder(uuids, (uuid) => lookUp(uuid, call))
        if (!found.includes(undefined)) return found
        await scan(call)
        return inOrder(uuids, (uuid) => lookUp(uuid, call))
      },
      async *elements(call) {
        for await (const { data } of items(call)) yield data
      },
    },
  )
  return { ...set, root: full, items }
}

async function inOrder<T, U>(values: readonly T[], work: (value: T) => Promise<U>): Promise<U[]> {
  const results: U[] = []
  for (const value of values) results.push(await work(value))
  return results
}

function acceptance(include: FileTreeOptions['include']): (id: string) => boolean {
  if (include === undefined) return () => true
  if (typeof include === 'function') return include
  if (!Array.isArray(include) || include.some((ending) => typeof ending !== 'string' || ending === '')) {
    throw new CbirError('INVALID_ARGUMENT', 'include must be a list of endings such as [".jpg", ".png"], or a function of the id.')
  }
  const endings = include.map((ending: string) => (ending.startsWith('.') ? ending : `.${ending}`).toLowerCase())
  return (id) => {
    const lower = id.toLowerCase()
    return endings.some((ending) => lower.endsWith(ending))
  }
}
