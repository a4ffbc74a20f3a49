// What a file is, told from the ending of its name; and when the ending says more than the bytes.

const ENDINGS: Readonly<Record<string, string>> = {
  aac: 'audio/aac',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv',
  flac: 'audio/flac',
  gif: 'image/gif',
  gz: 'application/gzip',
  heic: 'image/heic',
  heif: 'image/heif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  md: 'text/markdown',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  npy: 'application/x-npy',
  npz: 'application/x-npz',
  oga: 'audio/ogg',
  ogg: 'audio/ogg',
  onnx: 'application/onnx',
  opus: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  tsv: 'text/tab-separated-values',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
}

/** Types that bytes can be seen to be, and the more special ones that only the name can tell. */
const REFINEMENTS: Readonly<Record<string, RegExp>> = {
  'text/plain': /^(text\/|application\/(json|xml)$|image\/svg)/,
  'application/xml': /^image\/svg/,
  'application/zip': /^application\/x-npz$/,
  'video/mp4': /^audio\/mp4$/,
  'video/webm': /^audio\//,
}

/** The MIME type that the ending of a name or path stands for; `undefined` where it is not known. */
export function contentTypeOfName(name: string): string | undefined {
  const ending = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase()
  return ending !== undefined && Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined
}

/** The type seen in the bytes, made more special by the name where that fits; without one that of the name. */
export function contentTypeOf(sniffed: string | undefined, name: string): string | undefined {
  const named = contentTypeOfName(name)
  if (sniffed === undefined) return named
  return named !== undefined && REFINEMENTS[sniffed]?.test(named) ? named : sniffed
}
