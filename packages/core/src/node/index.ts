// @cbir/core/node: what needs Node: files, discovery, persistence.

export { createDirectoryContainer, directoryContainer } from './container/directory-container.ts'
export {
  type DiscoveredRegistry,
  type DiscoverOptions,
  type Discovery,
  discover,
  discoverRegistry,
  type FoundPlugin,
  type PluginSource,
  type SkippedPlugin,
} from './discovery/discover.ts'
export { splitSpecifiers } from './discovery/split-specifiers.ts'
export {
  type FileDescriptorSet,
  type FileDescriptorSetConfig,
  type FileDescriptorSetOptions,
  fileDescriptorSet,
  openFileDescriptorSet,
  openFileDescriptorSetOn,
} from './file-descriptor-set/file-descriptor-set.ts'
export type { FileFacts, FileSystem, OpenFile } from './storage/file-system.ts'
export { nodeFileSystem } from './storage/node-file-system.ts'
export type { Processes } from './storage/processes.ts'
export { machineStorage, type Storage } from './storage/storage.ts'
