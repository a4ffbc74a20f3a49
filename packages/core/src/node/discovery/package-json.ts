// Reading package.json files, and finding the one of the application.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, parse, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRecord } from '../../config/json-data.ts'
import { CbirError } from '../../errors/cbir-error.ts'

export type PackageJson = Readonly<Record<string, unknown>>

/** `directory` and the directories above it, nearest first. */
export function* upwards(directory: string): Generator<string> {
  const top = parse(directory).root
  for (let at = directory; ; at = dirname(at)) {
    yield at
    if (at === top) return
  }
}

/**
 * The directory that specifiers are resolved from and whose dependencies are looked at.
 * @param root a directory as path or `file:` URL; where not given, the nearest directory with a package.json at or above the working directory, or the
 *   working directory itself
 * @throws CbirError INVALID_ARGUMENT for a root that is no directory
 */
export function applicationRoot(root?: string | URL): string {
  if (root === undefined) {
    const cwd = process.cwd()
    for (const directory of upwards(cwd)) if (existsSync(join(directory, 'package.json'))) return directory
    return cwd
  }
  const directory = resolve(root instanceof URL || root.startsWith('file:') ? fileURLToPath(root) : root)
  if (!isDirectory(directory)) {
    throw new CbirError('INVALID_ARGUMENT', `root must be the directory of an application; ${directory} is not a directory.`)
  }
  return directory
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * The content of a package.json, or undefined where there is none.
 * @throws CbirError CORRUPT_DATA where it is not an object in JSON, IO_FAILED where it cannot be read
 */
export function readPackageJson(directory: string): PackageJson | undefined {
  const file = join(directory, 'package.json')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CbirError('IO_FAILED', `${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
  return parsePackageJson(text, file)
}

/** @throws CbirError CORRUPT_DATA */
export function parsePackageJson(text: string, file: string): PackageJson {
  let content: unknown
  let cause: unknown
  try {
    // Editors on Windows may put a byte order mark before the text.
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    cause = error
  }
  if (isRecord(content)) return content
  throw new CbirError('CORRUPT_DATA', `${file} is not an object in JSON. Repair it, or install its package again.`, { cause })
}
