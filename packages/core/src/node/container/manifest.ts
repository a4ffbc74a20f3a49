// MANIFEST: what a generation holds. Three lines: magic and format version; JSON; the CRC-32 of the two lines before.
//
//   CBIR container 1
//   {"generation":12,"header":{"type":"…","formatVersion":1},"files":[{"name":"vectors","size":512,"crc32":"5d41402a"}]}
//   0c1f9b3e

import { crc32 } from 'node:zlib'
import type { ContainerHeader } from '../../component/directory-container.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { corrupt } from './corrupt.ts'
import { hex32 } from './small-file.ts'

export const MANIFEST = 'MANIFEST'
export const MANIFEST_MAGIC = 'CBIR container '
/** A manifest is some hundred bytes; a file beyond this is none. */
export const MANIFEST_LIMIT: number = 1 << 24
const VERSION = '1'

export interface FileEntry {
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly crc32: number
}

export interface Manifest {
  readonly generation: number
  readonly header: ContainerHeader
  readonly files: readonly FileEntry[]
}

/** Names that every file system takes, and that cannot lead out of the directory. */
export function isFileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && !name.endsWith('.') && name.toUpperCase() !== MANIFEST
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  const files = manifest.files.map((file) => ({ ...file, crc32: hex32(file.crc32) }))
  const lines = `${MANIFEST_MAGIC}${VERSION}\n${JSON.stringify({ ...manifest, files })}\n`
  return Buffer.from(`${lines}${hex32(crc32(lines))}\n`)
}

/** @throws CbirError CORRUPT_DATA; NOT_SUPPORTED for a whole manifest of another format version */
export function decodeManifest(bytes: Uint8Array, path: string): Manifest {
  const text = Buffer.from(bytes).toString('utf8')
  if (!text.startsWith(MANIFEST_MAGIC)) throw corrupt(path, 'it does not begin as a manifest does')
  const end = text.length - 9
  if (end < 0 || text.slice(end) !== `${hex32(crc32(text.slice(0, end)))}\n`) throw corrupt(path, 'its checksum differs')
  const body = text.indexOf('\n')
  const version = text.slice(MANIFEST_MAGIC.length, body)
  if (version !== VERSION) {
    throw new CbirError(
      'NOT_SUPPORTED',
      `${path} was written in format ${version}; this version of @cbir/core reads format ${VERSION}. Install the version that wrote it.`,
    )
  }
  let value: unknown
  try {
    value = JSON.parse(text.slice(body, end))
  } catch (error) {
    throw corrupt(path, 'it is not JSON', error)
  }
  return checkManifest(value, path)
}

function checkManifest(value: unknown, path: string): Manifest {
  const { generation, header, files } = (value ?? {}) as { generation?: unknown; header?: unknown; files?: unknown }
  if (!Number.isSafeInteger(generation)) throw corrupt(path, 'it does not say its generation')
  const { type, formatVersion } = (header ?? {}) as { type?: unknown; formatVersion?: unknown }
  if (typeof type !== 'string' || typeof formatVersion !== 'number') throw corrupt(path, 'its header has no type or format version')
  if (!Array.isArray(files)) throw corrupt(path, 'it does not list its files')
  const seen = new Set<string>()
  const entries = files.map((entry: unknown): FileEntry => {
    const { name, size, crc32: crc } = (entry ?? {}) as { name?: unknown; size?: unknown; crc32?: unknown }
    if (typeof name !== 'string' || !isFileName(name) || seen.has(name)) throw corrupt(path, 'it names a file in a way that is not allowed')
    if (!Number.isSafeInteger(size) || (size as number) < 0) throw corrupt(path, `it gives no size of ${name}`)
    if (typeof crc !== 'string' || !/^[0-9a-f]{8}$/.test(crc)) throw corrupt(path, `it gives no checksum of ${name}`)
    seen.add(name)
    return { name, size: size as number, crc32: Number.parseInt(crc, 16) }
  })
  return { generation: generation as number, header: header as ContainerHeader, files: entries }
}
