// Programs for a browser: bundled from source as an application would be, and run without one, where nothing of Node was bundled with them.

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build } from 'esbuild'

export interface BrowserBundle {
  readonly text: string
  /** The files that are in it. */
  readonly files: readonly string[]
  /** What it imports that is not in it: modules of Node, and others that a bundler leaves out. */
  readonly outside: readonly string[]
}

/** Bundles a program, which imports packages as a file in `folder` would. */
export async function bundleForBrowser(
  program: string,
  folder: string,
  options: Pick<BuildOptions, 'define' | 'banner'> = {},
): Promise<BrowserBundle> {
  const { outputFiles, metafile } = await build({
    ...options,
    stdin: { contents: program, resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cbir/source'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const inputs = Object.values(metafile.inputs)
  const imported = inputs.flatMap(({ imports }) => imports)
  // The bundler's own names for what it was given in `define` are no modules.
  const outside = imported.filter(({ path, external }) => (external || path.startsWith('node:')) && !path.startsWith('<define:'))
  return { text: outputFiles[0]!.text, files: Object.keys(metafile.inputs), outside: outside.map(({ path }) => path) }
}

export interface Printed {
  /** What was printed, from JSON. */
  readonly value: unknown
  /** What was written to the other stream. */
  readonly errors: string
}

/** Runs a bundle as dist/bundle.mjs of a new folder, in a process of its own. `beside`: files that are copied there, by the path in the folder. */
export async function runBundle(text: string, beside: Readonly<Record<string, URL>> = {}): Promise<Printed> {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  try {
    const file = join(folder, 'dist', 'bundle.mjs')
    await mkdir(dirname(file))
    await writeFile(file, text)
    for (const [path, from] of Object.entries(beside)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await copyFile(from, join(folder, path))
    }
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file])
    return { value: JSON.parse(stdout), errors: stderr }
  } finally {
    await rm(folder, { recursive: true })
  }
}
