// One file of JSON with its checksum, replaced by a rename: how references keep themselves. Node is loaded only when it is used.

import { CbirError, type Json } from '@cbir/core'

const checksum = async (text: string): Promise<string> => (await import('node:crypto')).createHash('sha256').update(text).digest('hex')

/** Writes `data` beside the old file, then renames it over the old one. */
export async function writeCheckedFile(directory: string, name: string, data: Json): Promise<void> {
  const { mkdir, rename, writeFile } = await import('node:fs/promises')
  const body = JSON.stringify(data)
  await mkdir(directory, { recursive: true })
  const beside = `${directory}/${name}.${process.hrtime.bigint()}`
  await writeFile(beside, `${await checksum(body)}\n${body}`)
  await rename(beside, `${directory}/${name}`)
}

/** Reads what was written; undefined in a directory without files. @throws CbirError CORRUPT_DATA */
export async function readCheckedFile(directory: string, name: string): Promise<unknown> {
  const { readFile, readdir } = await import('node:fs/promises')
  const files = await readdir(directory).catch((): string[] => [])
  if (files.length === 0) return undefined
  if (!files.includes(name)) throw new CbirError('CORRUPT_DATA', `${directory} holds other files, but no ${name}`)
  const text = await readFile(`${directory}/${name}`, 'utf8')
  const body = text.slice(text.indexOf('\n') + 1)
  if (text !== `${await checksum(body)}\n${body}`) throw new CbirError('CORRUPT_DATA', `${directory}/${name} is damaged`)
  return JSON.parse(body)
}
