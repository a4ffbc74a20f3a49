// DirectoryLock: one writer at a time in a directory, among all processes of the machine.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import type { Storage } from './storage.ts'

export interface DirectoryLock {
  release(): Promise<void>
}

const NAME = /^lock-([A-Za-z0-9_.]+)-[0-9a-f]{16}$/

/** Whether a file in a directory is a lock of ours. */
export function isLockName(name: string): boolean {
  return NAME.test(name)
}

/**
 * Takes the lock. Each contender makes a file whose name says who it is, and then looks around: who sees another live one steps back. Of two
 * that come at once at least one sees the other, so there are never two owners. Two processes never use one
 * name, so that removing the lock of a process that has ended can not hit a live one.
 * @param waitMs how long to try while another has it
 * @throws CbirError IN_USE, ABORTED, IO_FAILED
 */
export async function lockDirectory(storage: Storage, directory: string, waitMs: number, signal?: AbortSignal): Promise<DirectoryLock> {
  const { files, processes } = storage
  const name = `lock-${processes.self}-${randomBytes(8).toString('hex')}`
  const path = join(directory, name)
  const liveOthers = async (): Promise<string[]> => {
    const live: string[] = []
    for (const other of await files.readDirectory(directory)) {
      const owner = NAME.exec(other)?.[1]
      if (owner === undefined || other === name) continue
      if (processes.hasEnded(owner)) await removeIfThere(storage, join(directory, other))
      else live.push(other)
    }
    return live
  }
  const deadline = performance.now() + waitMs
  for (;;) {
    throwIfAborted(signal)
    let others = await liveOthers()
    if (others.length === 0) {
      await (await files.open(path, 'create')).close()
      try {
        others = await liveOthers()
        throwIfAborted(signal)
      } catch (error) {
        await removeIfThere(storage, path)
        throw error
      }
      if (others.length === 0) return { release: () => removeIfThere(storage, path) }
      await removeIfThere(storage, path)
    }
    if (performance.now() >= deadline) throw inUse(directory, others)
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 30))
  }
}

function inUse(directory: string, locks: readonly string[]): CbirError {
  return new CbirError(
    'IN_USE',
    `${directory} is being written by another process or component (${locks.join(', ')}). Wait until it has finished, or dispose that component. ` +
      'Where its machine no longer runs, remove the lock file by hand.',
    { details: { directory, locks } },
  )
}

async function removeIfThere({ files }: Storage, path: string): Promise<void> {
  try {
    await files.unlink(path)
  } catch (error) {
    if (!CbirError.isInstance(error, 'NOT_FOUND')) throw error
  }
}
