// A DirectoryContainer that keeps its directories in a Map, for tests of what is saved.

import { CbirError, type ContainerHeader, type DirectoryContainer } from '@cbir/core'

export interface SavedDirectory {
  header: ContainerHeader
  files: Map<string, Uint8Array>
}

export function memoryContainer(directories: Map<string, SavedDirectory> = new Map()): DirectoryContainer {
  const noPaths = (): never => {
    throw new CbirError('NOT_SUPPORTED', 'This container has no paths.')
  }
  return {
    async write(directory, header, fill) {
      const files = new Map<string, Uint8Array>()
      await fill({
        async write(name, chunks) {
          const parts: Uint8Array[] = []
          for await (const chunk of chunks) parts.push(chunk.slice())
          files.set(name, Uint8Array.from(Buffer.concat(parts)))
        },
        path: noPaths,
      })
      directories.set(directory, { header: JSON.parse(JSON.stringify(header)) as ContainerHeader, files })
    },
    async open(directory, options) {
      const saved = directories.get(directory)
      if (!saved) return undefined
      if (options?.type !== undefined && options.type !== saved.header.type) throw new CbirError('CORRUPT_DATA', 'another type')
      const read = async (name: string): Promise<Uint8Array> => {
        const bytes = saved.files.get(name)
        if (!bytes) throw new CbirError('CORRUPT_DATA', `no file ${name}`)
        return bytes.slice()
      }
      return {
        header: saved.header,
        generation: 1,
        files: [...saved.files].map(([name, bytes]) => ({ name, size: bytes.length })),
        read,
        async *stream(name) {
          yield await read(name)
        },
        path: noPaths,
        close: async () => undefined,
      }
    },
  }
}
