// FileSystem: the few operations on files that persistence is made of. A seam: tests record them, and simulate crashes between any two.

/** An open file. Positions and sizes are in bytes. */
export interface OpenFile {
  /** Fills `buffer` from `position`; gives how many bytes, which are fewer than its length only at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /** Writes all of `bytes` at `position`. */
  write(bytes: Uint8Array, position: number): Promise<void>
  truncate(size: number): Promise<void>
  size(): Promise<number>
  /** Returns when the content is on the device. */
  sync(): Promise<void>
  close(): Promise<void>
}

export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'other'
  readonly size: number
  /** Time of the last change, in milliseconds since 1970, fractions included. */
  readonly modified: number
  /** Names the thing itself, whatever path or symbolic link leads to it. */
  readonly identity: string
}

/** Every method throws CbirError NOT_FOUND or IO_FAILED, with `details.errno`. */
export interface FileSystem {
  /** `read` and `update` want a file that exists; `create` (for reading and writing) one that does not. */
  open(path: string, mode: 'read' | 'update' | 'create'): Promise<OpenFile>
  /** `undefined` where nothing is. Follows symbolic links. */
  stat(path: string): Promise<FileFacts | undefined>
  /** Names, in no particular order. */
  readDirectory(path: string): Promise<string[]>
  /** One level; its parent exists. */
  makeDirectory(path: string): Promise<void>
  /** Replaces what `to` names. Durable after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** An empty directory. */
  removeDirectory(path: string): Promise<void>
  /** A file, or a directory with all that is in it; nothing where nothing is. */
  removeTree(path: string): Promise<void>
  /** Returns when names created, renamed and removed in the directory are on the device. Does nothing where the system cannot (Windows). */
  syncDirectory(path: string): Promise<void>
  realPath(path: string): Promise<string>
}
