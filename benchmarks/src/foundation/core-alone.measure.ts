// Core alone: no dependency, no module of Node at `.`, small, and loadable by a bundler for browsers.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { atMost, type Row } from '../row.ts'

export async function measure(): Promise<Row[]> {
  const entry = createRequire(import.meta.url).resolve('@cbir/core')
  const manifest = JSON.parse(await readFile(createRequire(import.meta.url).resolve('@cbir/core/package.json'), 'utf8')) as Record<
    string,
    object | undefined
  >
  const dependencies = Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'], ...manifest['optionalDependencies'] })
  const bundle = await build({
    entryPoints: [entry],
    absWorkingDir: dirname(entry),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
  })
  const bytes = gzipSync(bundle.outputFiles[0]!.contents, { level: 9 }).length
  const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path))
  return [
    atMost('core.dependencies', dependencies.length, 0, '', 'dependencies, peer and optional ones too'),
    atMost('core.outside-imports', imports.length, 0, '', 'imports left in the bundle of `.` for a browser, such as node: modules'),
    atMost('core.size', bytes / 1000, 30, 'kB', 'the bundle of `.`, minified and gzipped'),
  ]
}
