// C++ programs of the benchmarks, compiled on the machine that runs them.

import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { cached } from './cache.ts'

const execute = promisify(execFile)
const NATIVE = resolve(import.meta.dirname, '../native')

/** The path of a source in benchmarks/native. */
export function nativeSource(file: string): string {
  return join(NATIVE, file)
}

/** The files of a folder whose names match. */
export function sourcesIn(folder: string, names: RegExp): string[] {
  return readdirSync(folder)
    .filter((file) => names.test(file))
    .map((file) => join(folder, file))
}

export interface Library {
  /** The folder of the installed package. */
  readonly root: string
  readonly version: string
}

/** Where a development dependency of one of our packages lies. Its scripts were never run; its sources are what is wanted. */
export function libraryOf(ourPackage: string, library: string): Library {
  const ours = createRequire(import.meta.url).resolve(`${ourPackage}/package.json`)
  const manifest = createRequire(ours).resolve(`${library}/package.json`)
  return { root: dirname(manifest), version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version }
}

export interface Compilation {
  readonly flags: readonly string[]
  /** What included libraries' versions are. */
  readonly versions?: readonly string[] | undefined
  /** Other sources, by their paths. */
  readonly sources?: readonly string[] | undefined
}

/** Compiles benchmarks/native/<source> and gives the program. */
export async function compiled(source: string, { flags, versions = [], sources = [] }: Compilation): Promise<string> {
  const own = [nativeSource(source), ...sourcesIn(NATIVE, /\.h$/)]
  // Whatever lies beside a source may be included by it.
  const beside = [...new Set(sources.map(dirname))].flatMap((folder) => sourcesIn(folder, /\.(h|inc|cc)$/))
  const texts = [...own, ...beside].map((file) => readFileSync(file))
  const { stdout } = await execute('g++', ['--version'])
  return cached(source.replace(/\.cc$/, ''), [...texts, ...flags, ...versions, stdout, cpus()[0]?.model ?? ''], async (path) => {
    await execute('g++', ['-std=c++17', ...flags, nativeSource(source), ...sources, '-o', path, '-pthread'])
  })
}
