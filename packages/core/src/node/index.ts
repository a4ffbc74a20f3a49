// @cbir/core/node: what needs Node: files, discovery, persistence.

export { createDirectoryContainer, directoryContainer } from './container/directory-container.ts'
export type { FileFacts, FileSystem, OpenFile } from './storage/file-system.ts'
export { nodeFileSystem } from './storage/node-file-system.ts'
export type { Processes } from './storage/processes.ts'
export { machineStorage, type Storage } from './storage/storage.ts'
