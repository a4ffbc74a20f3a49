// Storage: what persistence stands on, in one argument.

import type { FileSystem } from './file-system.ts'
import { nodeFileSystem } from './node-file-system.ts'
import { machineProcesses, type Processes } from './processes.ts'

export interface Storage {
  readonly files: FileSystem
  readonly processes: Processes
}

/** The files and processes of this machine. */
export const machineStorage: Storage = { files: nodeFileSystem, processes: machineProcesses() }
