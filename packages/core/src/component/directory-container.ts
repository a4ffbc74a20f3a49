// DirectoryContainer: how components write themselves into a directory, whole or not at all. The implementation needs files: @cbir/core/node has it.

import type { Source } from '../vectors/source.ts'
import type { CallOptions } from './call-options.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a directory holds, in a few words of JSON. */
export interface ContainerHeader {
  /** What kind of content it is, e.g. `nearest-neighbors-index/flat-index`. Another type's directory is refused. */
  readonly type: string
  readonly formatVersion: number
  readonly [key: string]: Json
}

/** The files of a generation that is being written. Names are plain: letters, digits, `.`, `-`, `_`. */
export interface ContainerWriter {
  write(name: string, chunks: Source<Uint8Array>): Promise<void>
  /** A path inside the generation for native code to write to; its checksum is taken by reading it back. */
  path(name: string): string
}

/** A whole generation, opened for reading. */
export interface OpenContainer {
  readonly header: ContainerHeader
  readonly generation: number
  readonly files: readonly { readonly name: string; readonly size: number }[]
  /** All bytes of a file, after its checksum was verified. @throws CbirError CORRUPT_DATA */
  read(name: string, options?: CallOptions): Promise<Uint8Array>
  /** The bytes in chunks. The checksum is verified at the end: what was made of the chunks counts only when the stream has ended without an error. */
  stream(name: string, options?: CallOptions & { readonly chunkSize?: number | undefined }): AsyncIterable<Uint8Array>
  /** The path of a file for native readers, after its checksum was verified once. */
  path(name: string, options?: CallOptions): Promise<string>
  close(): Promise<void>
}

/** Reads and writes directories that hold one generation of files: the old one or the new one, never a mixture. */
export interface DirectoryContainer {
  /** Writes a new generation with the files that `fill` writes, and makes it current. @throws CbirError IO_FAILED, ABORTED */
  write(directory: string, header: ContainerHeader, fill: (writer: ContainerWriter) => Promise<void>, options?: CallOptions): Promise<void>
  /** The current generation; `undefined` where there is none. @throws CbirError CORRUPT_DATA (damaged, foreign, or of another `type`), IO_FAILED */
  open(directory: string, options?: CallOptions & { readonly type?: string | undefined }): Promise<OpenContainer | undefined>
}
