// What bytes are, told from how they begin.

/** Bytes from the beginning of a file that are enough for {@link sniffContentType}. */
export const SNIFF_BYTES = 4096

/** A way to begin: bytes as latin-1 text, at an offset. */
const SIGNATURES: readonly (readonly [type: string, text: string, offset?: number])[] = [
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/tiff', 'II*\0'],
  ['image/tiff', 'MM\0*'],
  ['image/tiff', 'II+\0\x08\0\0\0'],
  ['image/tiff', 'MM\0+\0\x08\0\0'],
  ['application/pdf', '%PDF-'],
  ['audio/flac', 'fLaC'],
  ['audio/mpeg', 'ID3'],
  ['application/zip', 'PK\x03\x04'],
  ['application/zip', 'PK\x05\x06'],
  ['application/gzip', '\x1f\x8b\x08'],
  ['application/x-npy', '\x93NUMPY'],
]

/** What a container of the kind RIFF or FORM says that it holds, at byte 8. */
const RIFF_FORMS: Readonly<Record<string, string>> = { WAVE: 'audio/wav', WEBP: 'image/webp', 'AVI ': 'video/x-msvideo' }
const FORM_FORMS: Readonly<Record<string, string>> = { AIFF: 'audio/aiff', AIFC: 'audio/aiff' }

/** The major brand of an ISO base media file (ISO/IEC 14496-12), by its beginning. */
const BRANDS: readonly (readonly [brand: RegExp, type: string])[] = [
  [/^avi[fs]/, 'image/avif'],
  [/^(heic|heix|heim|heis|hevc|hevx)/, 'image/heic'],
  [/^(mif1|msf1)/, 'image/heif'],
  [/^M4[AB] /, 'audio/mp4'],
  [/^qt {2}/, 'video/quicktime'],
  [/^3g/, 'video/3gpp'],
]

/** How the first packet of an Ogg stream begins. */
const OGG_CODECS: readonly (readonly [text: string, type: string])[] = [
  ['OpusHead', 'audio/ogg'],
  ['\x01vorbis', 'audio/ogg'],
  ['Speex   ', 'audio/ogg'],
  ['\x7fFLAC', 'audio/ogg'],
  ['\x80theora', 'video/ogg'],
]

/** Sizes of the information header that a bitmap may have. */
const BITMAP_HEADERS = [12, 40, 52, 56, 64, 108, 124]

/**
 * The MIME type of `bytes`, which may be the beginning of something longer ({@link SNIFF_BYTES} are enough); `undefined` where it is not
 * recognised, and for no bytes at all. Text in UTF-8 is `text/plain` unless it is seen to be more.
 */
export function sniffContentType(bytes: Uint8Array): string | undefined {
  const head = latin1(bytes.subarray(0, SNIFF_BYTES))
  for (const [type, text, offset = 0] of SIGNATURES) if (head.startsWith(text, offset)) return type
  const form = head.slice(8, 12)
  if (head.startsWith('RIFF') || head.startsWith('RF64')) return RIFF_FORMS[form]
  if (head.startsWith('FORM')) return FORM_FORMS[form]
  if (head.startsWith('ftyp', 4)) return BRANDS.find(([brand]) => brand.test(form))?.[1] ?? 'video/mp4'
  if (head.startsWith('OggS')) return oggType(head)
  if (head.startsWith('\x1aE\xdf\xa3')) return matroskaType(head)
  if (isBitmap(bytes)) return 'image/bmp'
  return mpegAudioType(bytes) ?? textType(bytes)
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

/** A page's header has 27 bytes and one more for each segment; then its first packet begins. */
function oggType(head: string): string {
  const packet = 27 + head.charCodeAt(26)
  return OGG_CODECS.find(([text]) => head.startsWith(text, packet))?.[1] ?? 'application/ogg'
}

function matroskaType(head: string): string | undefined {
  const begin = head.slice(0, 64)
  if (begin.includes('webm')) return 'video/webm'
  return begin.includes('matroska') ? 'video/x-matroska' : undefined
}

function isBitmap(bytes: Uint8Array): boolean {
  if (bytes.length < 18 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return false
  return BITMAP_HEADERS.includes(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(14, true))
}

/** The header of an MPEG audio frame (ISO/IEC 11172-3) of layer II or III, or of an AAC frame in ADTS. */
function mpegAudioType(bytes: Uint8Array): string | undefined {
  const [sync = 0, kind = 0, rates = 0] = bytes
  if (bytes.length < 4 || sync !== 0xff || (kind & 0xe0) !== 0xe0) return undefined
  const version = (kind >> 3) & 3
  const layer = (kind >> 1) & 3
  if (layer === 0) return (kind & 0xf0) === 0xf0 && ((rates >> 2) & 15) < 13 ? 'audio/aac' : undefined
  const sound = version !== 1 && layer !== 3 && rates >> 4 !== 15 && ((rates >> 2) & 3) !== 3
  return sound ? 'audio/mpeg' : undefined
}

function textType(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return undefined
  let text: string
  try {
    // A character that is cut at the end is no fault: the bytes may be the beginning of more.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, SNIFF_BYTES), { stream: true })
  } catch {
    return undefined
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells data from text
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(text)) return undefined
  // What may stand before the first element: declaration, comments, document type.
  const element = text.replace(/^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype\s+svg[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*/i, '')
  if (/^<svg[\s>]/i.test(element)) return 'image/svg+xml'
  if (/^(<!doctype html|<html)[\s>]/i.test(element)) return 'text/html'
  if (/^\s*<\?xml\s/.test(text)) return 'application/xml'
  return bytes.length <= SNIFF_BYTES && isJson(text) ? 'application/json' : 'text/plain'
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
