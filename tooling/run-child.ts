// Programs of the tests that run in a process or thread of their own: a crash there is an answer, and not the end of the tests.

import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Makes one JavaScript file in `directory` of a program in TypeScript, from source. Every module in it still knows where it lies. */
export async function bundle(program: URL, directory: string): Promise<string> {
  const source = fileURLToPath(program)
  const outfile = join(directory, basename(source).replace(/\.ts$/, '.mjs'))
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@cbir/source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'place',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
            contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
            loader: 'ts',
          }))
        },
      },
    ],
  })
  return outfile
}

export interface ChildEnd {
  /** Exit code, or the name of the signal that killed it. */
  readonly end: number | string | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs a bundle; killed after `seconds`. */
export function runChild(path: string, args: readonly string[], seconds: number): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ end: code ?? signal, lines: out.split('\n').filter(Boolean), errors })
    })
  })
}
