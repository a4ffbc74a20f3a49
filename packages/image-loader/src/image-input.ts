// What the loader takes, and how its bytes are read.

import { fileURLToPath } from 'node:url'
import { type CallOptions, CbirError, type DataElement, describeType } from '@cbir/core'
import { toCbirError } from '@cbir/core/define'
import { fileDataElement } from '@cbir/core/node'

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
  if (input instanceof Uint8Array) {
    const bytes = Uint8Array.from(input)
    return { label: `${bytes.length} bytes in memory`, key: input, read: async () => bytes }
  }
  const element = elementOf(input)
  return {
    label: JSON.stringify(element.label),
    // Two elements of one file are two objects, and have one label; elements in memory may all have the same.
    key: element.path ? element.label : element,
    read: ({ signal }) => element.bytes({ signal }),
  }
}

function elementOf(input: Exclude<ImageInput, Uint8Array>): DataElement {
  if (typeof input === 'string') return fileDataElement(input)
  if (input instanceof URL) return fileDataElement(pathOf(input))
  if (isDataElement(input)) return input
  throw new CbirError(
    'INVALID_ARGUMENT',
    `A picture must be a data element, the bytes of a file (Uint8Array), a path or a file: URL; got ${describeType(input)}.`,
  )
}

function isDataElement(value: unknown): value is DataElement {
  const element = value as Partial<DataElement> | null | undefined
  return typeof element === 'object' && element !== null && element.kind === 'data-element' && typeof element.bytes === 'function'
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw toCbirError(
      error,
      'INVALID_ARGUMENT',
      `${JSON.stringify(url.href)} is not the URL of a file here. For a picture from elsewhere, pass a data element that reads it`,
    )
  }
}
