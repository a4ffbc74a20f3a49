// @cbir/core/node: what needs Node: files, discovery, persistence.

export { createDirectoryContainer, directoryContainer } from './container/directory-container.ts'
export { dataElementFromUri } from './data-element/data-element-from-uri.ts'
export {
  type FileDataElement,
  type FileDataElementConfig,
  type FileDataElementOptions,
  fileDataElement,
  fileDataElementPlugin,
} from './data-element/file-data-element.ts'
export { type UrlDataElementConfig, type UrlDataElementOptions, urlDataElement, urlDataElementPlugin } from './data-element/url-data-element.ts'
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
export { type FileItem, type FileTree, type FileTreeConfig, type FileTreeOptions, fileTree, fileTreePlugin } from './file-tree/file-tree.ts'
export type { UnreadablePath } from './file-tree/walk-files.ts'
export { checkFilePath, type IndexSnapshot, writeForeignFile } from './foreign-file.ts'
export { type OpenedPipeline, openRetrievalPipeline, type SavedPipelineComponents } from './open-retrieval-pipeline.ts'
export type { FileFacts, FileSystem, OpenFile } from './storage/file-system.ts'
export { nodeFileSystem } from './storage/node-file-system.ts'
export type { Processes } from './storage/processes.ts'
export { machineStorage, type Storage } from './storage/storage.ts'
