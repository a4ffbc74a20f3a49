// CURRENT: one line that says which generation of a container counts.
//
//   gen-12 5d41402a 0c1f9b3e     generation 12, the CRC-32 of its MANIFEST, the CRC-32 of the line so far
//   none 00000000 0f2c5a11       a container that has no generation yet

import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { FileSystem } from '../storage/file-system.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { corrupt } from './corrupt.ts'
import { hex32, readWhole } from './small-file.ts'

export const CURRENT = 'CURRENT'
/** Where a new CURRENT is written before it replaces the old one. */
export const CURRENT_NEW = 'CURRENT.new'

/** The generation that counts; number 0: none yet. */
export interface Current {
  readonly generation: number
  /** CRC-32 of the generation's MANIFEST. */
  readonly manifest: number
}

export const NO_GENERATION: Current = { generation: 0, manifest: 0 }

const LINE = /^(none|gen-([1-9][0-9]{0,14})) ([0-9a-f]{8}) ([0-9a-f]{8})\n$/

/** The name of a generation's directory. */
export function generationName(generation: number): string {
  return `gen-${generation}`
}

/** The number in the name of a generation's directory; `undefined` for other names. */
export function generationOf(name: string): number | undefined {
  return /^gen-[1-9][0-9]{0,14}$/.test(name) ? Number(name.slice(4)) : undefined
}

function lineOf({ generation, manifest }: Current): string {
  const said = `${generation === 0 ? 'none' : generationName(generation)} ${hex32(manifest)}`
  return `${said} ${hex32(crc32(said))}\n`
}

/** What CURRENT says; `undefined` where there is none. @throws CbirError CORRUPT_DATA, IO_FAILED */
export async function readCurrent(files: FileSystem, directory: string): Promise<Current | undefined> {
  const path = join(directory, CURRENT)
  const facts = await files.stat(path)
  if (!facts) return undefined
  if (facts.kind !== 'file') throw corrupt(path, 'it is not a file')
  const bytes = await readWhole(files, path, 64)
  const text = Buffer.from(bytes).toString('latin1')
  const fields = LINE.exec(text)
  const current = { generation: Number(fields?.[2] ?? 0), manifest: Number.parseInt(fields?.[3] ?? '0', 16) }
  if (!fields || lineOf(current) !== text) throw corrupt(path, 'its line is not one that names a generation')
  return current
}

/** Makes `current` count, durably. @throws CbirError IO_FAILED */
export async function writeCurrent(files: FileSystem, directory: string, current: Current): Promise<void> {
  await replaceFile(files, join(directory, CURRENT), join(directory, CURRENT_NEW), (file) => file.write(Buffer.from(lineOf(current), 'latin1'), 0))
}
