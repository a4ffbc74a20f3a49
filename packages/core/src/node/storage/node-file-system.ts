// The FileSystem of Node.

import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import type { FileSystem, OpenFile } from './file-system.ts'
import { isErrno, withFaults } from './io-fault.ts'

const FLAGS = { read: 'r', update: 'r+', create: 'wx+' } as const

/** One call to the system moves at most 2 GiB − 4 kB; bounded here well below, so that progress and aborts are noticed. */
const MAX_CALL = 1 << 26

function openFile(handle: FileHandle, path: string): OpenFile {
  return {
    read: (buffer, position) =>
      withFaults('read', path, async () => {
        let done = 0
        while (done < buffer.length) {
          const { bytesRead } = await handle.read(buffer, done, Math.min(MAX_CALL, buffer.length - done), position + done)
          if (bytesRead === 0) break
          done += bytesRead
        }
        return done
      }),
    write: (bytes, position) =>
      withFaults('write', path, async () => {
        let done = 0
        while (done < bytes.length) {
          const { bytesWritten } = await handle.write(bytes, done, Math.min(MAX_CALL, bytes.length - done), position + done)
          done += bytesWritten
        }
      }),
    truncate: (size) => withFaults('cut', path, () => handle.truncate(size)),
    size: () => withFaults('look at', path, async () => (await handle.stat()).size),
    sync: () => withFaults('write to the device', path, () => handle.sync()),
    close: () => withFaults('close', path, () => handle.close()),
  }
}

export const nodeFileSystem: FileSystem = {
  open: (path, mode) => withFaults(mode === 'create' ? 'create' : 'open', path, async () => openFile(await open(path, FLAGS[mode]), path)),
  async stat(path) {
    try {
      const facts = await withFaults('look at', path, () => stat(path))
      const kind = facts.isFile() ? 'file' : facts.isDirectory() ? 'directory' : 'other'
      return { kind, size: facts.size, modified: facts.mtimeMs, identity: `${facts.dev}:${facts.ino}` }
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return undefined
      throw error
    }
  },
  readDirectory: (path) => withFaults('list', path, () => readdir(path)),
  makeDirectory: (path) => withFaults('make the directory', path, () => mkdir(path)),
  rename: (from, to) => withFaults('rename to', to, () => rename(from, to)),
  unlink: (path) => withFaults('remove', path, () => unlink(path)),
  removeDirectory: (path) => withFaults('remove', path, () => rmdir(path)),
  removeTree: (path) => withFaults('remove', path, () => rm(path, { recursive: true, force: true })),
  async syncDirectory(path) {
    if (process.platform === 'win32') return
    await withFaults('write to the device', path, async () => {
      const handle = await open(path, 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    })
  },
  realPath: (path) => withFaults('find', path, () => realpath(path)),
}
