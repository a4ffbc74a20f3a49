// A data element from the text that says where its bytes are.

import { fileURLToPath } from 'node:url'
import type { DataElement } from '../../data-element/data-element.ts'
import { dataUrlElement } from '../../data-element/data-url.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { fileDataElement } from './file-data-element.ts'
import { urlDataElement } from './url-data-element.ts'

/**
 * `data:…`, `http://…`, `https://…`, `file://…`, or a path (everything without a scheme of two letters or more before a colon).
 * @throws CbirError INVALID_ARGUMENT for another scheme or a malformed URI
 */
export function dataElementFromUri(uri: string): DataElement {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase()
  if (scheme === undefined) return fileDataElement(uri)
  if (scheme === 'data') return dataUrlElement(uri)
  if (scheme === 'http' || scheme === 'https') return urlDataElement(uri)
  if (scheme === 'file') return fileDataElement(pathOf(uri))
  throw new CbirError(
    'INVALID_ARGUMENT',
    `The scheme of ${JSON.stringify(uri)} is not known. Give data:, http:, https:, file:, or a path (./… for one with a colon).`,
  )
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri)
  } catch (cause) {
    throw new CbirError('INVALID_ARGUMENT', `${JSON.stringify(uri)} names no file on this machine.`, { cause })
  }
}
