// data: URLs (RFC 2397): bytes inside of a URL.

import { CbirError } from '../errors/cbir-error.ts'
import { fromBase64 } from './base64.ts'
import type { DataElement } from './data-element.ts'
import { memoryDataElement } from './memory-data-element.ts'
import { sniffContentType } from './sniff-content-type.ts'

/** What a `data:` URL holds. */
export interface DataUrlContent {
  readonly bytes: Uint8Array
  /** MIME type without parameters; `text/plain` where the URL names none. */
  readonly contentType: string
}

/** @throws CbirError INVALID_ARGUMENT for what is no `data:` URL, or whose base64 or percent-encoding is broken */
export function parseDataUrl(url: string): DataUrlContent {
  const comma = url.indexOf(',')
  const head = /^data:/i.test(url) && comma >= 0 ? url.slice(5, comma).split(';') : undefined
  if (!head) throw new CbirError('INVALID_ARGUMENT', `${shortened(url)} is no data: URL. Expected data:<type>;base64,<data> or data:<type>,<text>.`)
  const isBase64 = head.length > 1 && head.at(-1)?.trim().toLowerCase() === 'base64'
  const body = percentDecoded(url.slice(comma + 1), url)
  return {
    bytes: isBase64 ? fromBase64(new TextDecoder('latin1').decode(body).replace(/\s+/g, '')) : body,
    contentType: head[0]?.trim().toLowerCase() || 'text/plain',
  }
}

/** A read-only element with the bytes of a `data:` URL. @throws CbirError INVALID_ARGUMENT */
export function dataUrlElement(url: string): DataElement {
  const { bytes, contentType } = parseDataUrl(url)
  const isTyped = contentType !== 'application/octet-stream'
  return memoryDataElement(bytes, {
    contentType: isTyped ? contentType : (sniffContentType(bytes) ?? contentType),
    label: shortened(url),
    readOnly: true,
  })
}

function shortened(url: string): string {
  return url.length > 40 ? `${url.slice(0, 37)}…` : url
}

const PERCENT = 0x25

function percentDecoded(text: string, url: string): Uint8Array {
  const raw = new TextEncoder().encode(text)
  if (!raw.includes(PERCENT)) return raw
  const out = new Uint8Array(raw.length)
  let used = 0
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] !== PERCENT) out[used++] = raw[i]!
    else {
      const digits = String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0)
      if (!/^[0-9a-f]{2}$/i.test(digits))
        throw new CbirError('INVALID_ARGUMENT', `${shortened(url)} has a "%" without two hexadecimal digits after it.`)
      out[used++] = Number.parseInt(digits, 16)
      i += 2
    }
  }
  return out.slice(0, used)
}
