// The files below a directory, in a fixed order, each real directory once.

import { type Dirent, opendir } from 'node:fs'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import type { CallOptions } from '../../component/call-options.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { ioFault } from '../storage/io-fault.ts'
import { nodeFileSystem as files } from '../storage/node-file-system.ts'
import { sortInSlices } from './sort-in-slices.ts'

/** A file or directory that could not be read. */
export interface UnreadablePath {
  /** Path relative to the root, with `/` between names. */
  readonly id: string
  /** NOT_FOUND (a link that leads nowhere) or IO_FAILED. */
  readonly cause: CbirError
}

export interface WalkOptions {
  readonly followSymlinks: boolean
  readonly accepts: (id: string) => boolean
  /** Told of what cannot be read; it throws where the walk is to stop. */
  readonly onUnreadable: (path: UnreadablePath) => void
}

interface Entry {
  readonly name: string
  readonly kind: 'file' | 'directory'
  /** The name as it counts for the order: a directory's with a `/`, so that the ids come out sorted as text. */
  readonly key: string
}

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)
const openDirectory = promisify(opendir)

/**
 * The ids (relative paths with `/`) of the regular files below `root`, sorted by their UTF-16 code units, found while they are asked for.
 * A symbolic link to a directory inside of the root is passed over, because its files come under their own names; one that leads outside is followed once.
 * @throws CbirError NOT_FOUND, IO_FAILED for the root itself; ABORTED; what `onUnreadable` throws
 */
export async function* walkFiles(root: string, options: WalkOptions, { signal }: CallOptions): AsyncGenerator<string, void, undefined> {
  const facts = await files.stat(root)
  if (!facts) throw new CbirError('NOT_FOUND', `There is no folder ${root}. Check the path.`, { details: { path: root } })
  if (facts.kind !== 'directory') throw new CbirError('IO_FAILED', `${root} is a file; a folder was expected.`, { details: { path: root } })
  const real = await files.realPath(root)
  const visited = new Set<string>([facts.identity])

  /** Whether a linked directory is to be entered; remembers it. */
  const isNew = async (path: string, identity: string): Promise<boolean> => {
    const target = await files.realPath(path)
    if (target === real || target.startsWith(real.endsWith(sep) ? real : real + sep) || visited.has(identity)) return false
    visited.add(identity)
    return true
  }

  const kindOf = async (path: string, found: Dirent): Promise<Entry['kind'] | undefined> => {
    if (found.isFile()) return 'file'
    if (found.isDirectory()) return 'directory'
    if (!found.isSymbolicLink() || !options.followSymlinks) return undefined
    const target = await files.stat(path)
    if (!target) throw new CbirError('NOT_FOUND', `${path} is a link that leads nowhere. Repair or remove it.`, { details: { path } })
    if (target.kind === 'directory') return (await isNew(path, target.identity)) ? 'directory' : undefined
    return target.kind === 'file' ? 'file' : undefined
  }

  const list = async (directory: string, prefix: string): Promise<Entry[]> => {
    const entries: Entry[] = []
    const slice = new TimeSlice()
    try {
      // Closed by the loop, however it ends.
      for await (const found of await openDirectory(directory, { bufferSize: 256 })) {
        throwIfAborted(signal)
        const { name } = found
        try {
          const kind = await kindOf(join(directory, name), found)
          if (kind !== undefined) entries.push({ name, kind, key: kind === 'directory' ? `${name}/` : name })
        } catch (error) {
          options.onUnreadable({ id: prefix + name, cause: ioFault(error, 'look at', join(directory, name)) })
        }
        if (slice.due()) await slice.pause()
      }
    } catch (error) {
      throw ioFault(error, 'list', directory)
    }
    return sortInSlices(entries, byKey)
  }

  const slice = new TimeSlice()
  const stack: { readonly path: string; readonly prefix: string; readonly entries: readonly Entry[]; next: number }[] = []
  stack.push({ path: root, prefix: '', entries: await list(root, ''), next: 0 })
  for (let level = stack.at(-1); level; level = stack.at(-1)) {
    throwIfAborted(signal)
    if (slice.due()) await slice.pause()
    const entry = level.entries[level.next++]
    if (!entry) stack.pop()
    else if (entry.kind === 'file') {
      const id = level.prefix + entry.name
      if (options.accepts(id)) yield id
    } else {
      const path = join(level.path, entry.name)
      const prefix = `${level.prefix}${entry.name}/`
      const entries = await listOr(() => list(path, prefix), prefix, path, options)
      stack.push({ path, prefix, entries, next: 0 })
    }
  }
}

/** The entries of a directory below the root; none where it cannot be read and the walk goes on. */
async function listOr(list: () => Promise<Entry[]>, prefix: string, path: string, options: WalkOptions): Promise<readonly Entry[]> {
  let fault: CbirError
  try {
    return await list()
  } catch (error) {
    if (!CbirError.isInstance(error) || error.details['path'] !== path) throw error
    fault = error
  }
  options.onUnreadable({ id: prefix.slice(0, -1), cause: fault })
  return []
}
