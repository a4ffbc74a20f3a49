// What the loader takes, and how its bytes are read.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CallOptions, CbirError, type DataElement, describeType } from '@cbir/core'

/** A picture: a data element, the bytes of a file (JPEG, PNG, WebP, …), the path of a file, or a `file:` URL. */
export type ImageInput = DataElement | Uint8Array | string | URL

/** An input whose bytes can be read. */
export interface ReadableImage {
  /** Its name in messages. */
  readonly label: string
  /** Loads with equal keys may share a decode. */
  readonly key: unknown
  read(options: CallOptions): Promise<Uint8Array>
}

/**
 * Bytes are copied before this returns, so the caller may change them afterwards.
 * @throws CbirError INVALID_ARGUMENT
 */
export function openInput(input: ImageInput): ReadableImage {
  if (typeof input === 'string') return openFile(input)
  if (input instanceof URL) return openUrl(input)
  if (input instanceof Uint8Array) {
    const bytes = Uint8Array.from(input)
    return { label: `${bytes.length} bytes in memory`, key: input, read: async () => bytes }
  }
  if (isDataElement(input)) {
    // Two elements of one file are two objects; those of one object in memory are not.
    const key = input.path ? input.label : input
    return { label: JSON.stringify(input.label), key, read: (options) => input.bytes({ signal: options.signal }) }
  }
  throw new CbirError(
    'INVALID_ARGUMENT',
    `A picture must be a data element, the bytes of a file (Uint8Array), a path or a file: URL; got ${describeType(input)}.`,
  )
}

function isDataElement(value: unknown): value is DataElement {
  const element = value as Partial<DataElement> | null | undefined
  return typeof element === 'object' && element !== null && element.kind === 'data-element' && typeof element.bytes === 'function'
}

function openUrl(url: URL): ReadableImage {
  if (url.protocol === 'file:') return openFile(fileURLToPath(url))
  throw new CbirError(
    'INVALID_ARGUMENT',
    `The URL ${JSON.stringify(url.href)} is not a file: URL. To load a picture from elsewhere, pass a data element that reads it.`,
  )
}

function openFile(path: string): ReadableImage {
  const label = JSON.stringify(path)
  return { label, key: resolve(path), read: ({ signal }) => readImageFile(path, label, signal) }
}

async function readImageFile(path: string, label: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await readFile(path, signal ? { signal } : {})
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CbirError('NOT_FOUND', `There is no file ${label}. Check the path.`, { cause })
    const advice = code === 'EISDIR' ? 'It is a folder: give the path of a picture.' : 'Check that it is a file and that you may read it.'
    throw new CbirError('IO_FAILED', `Could not read ${label} (${code ?? String(cause)}). ${advice}`, { cause })
  }
}
