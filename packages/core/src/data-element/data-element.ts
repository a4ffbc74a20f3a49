// DataElement: some bytes, where they are, and what they are; the input of most loaders.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'

/** Digests that a data element can give, in lower-case hexadecimal. */
export type DigestAlgorithm = 'md5' | 'sha1' | 'sha512'

/**
 * Bytes with a content type. The **content uuid** is the SHA-1 of the bytes in hexadecimal: equal bytes have equal uuids,
 * whatever their place. It is the key under which computed descriptors are reused.
 */
export interface DataElement extends Component {
  readonly kind: 'data-element'
  /** A name for people and messages: a path, a URL, or `memory`. */
  readonly label: string
  /** MIME type, found from the bytes where that is possible, else from the name; `undefined` where unknown. */
  contentType(options?: CallOptions): Promise<string | undefined>
  /** Content uuid: SHA-1 of the bytes. */
  uuid(options?: CallOptions): Promise<string>
  digest(algorithm: DigestAlgorithm, options?: CallOptions): Promise<string>
  isEmpty(options?: CallOptions): Promise<boolean>
  /** All bytes. The array belongs to the caller. @throws CbirError NOT_FOUND, IO_FAILED */
  bytes(options?: CallOptions): Promise<Uint8Array>
  /** The bytes in chunks, for what does not fit into memory. */
  stream(options?: CallOptions): AsyncIterable<Uint8Array>
  readonly writable: boolean
  /** Replaces the bytes. @throws CbirError READ_ONLY */
  setBytes(bytes: Uint8Array, options?: CallOptions): Promise<void>
  /** A file that holds the bytes, for tools that want a path; its own path where it is a file already. Only under Node. */
  path?(): Promise<string>
}
