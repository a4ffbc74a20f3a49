// Core is small, and stands alone: `.` in one file for a browser, minified and gzipped, without a dependency.

import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../run.mjs'
import { readJson } from '../workspace.mjs'

export const name = 'core is small and has no dependency'

/** Bytes, minified and gzipped. */
const limit = 30_000

export async function check() {
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {}, exports } = readJson(join(root, 'packages/core/package.json'))
  const browserEntries = Object.keys(exports).filter((entry) => entry !== './node' && entry !== './package.json')
  const sizes = await Promise.all(browserEntries.map((entry) => bundledSize(exports[entry].default)))
  const size = sizes[browserEntries.indexOf('.')] ?? Number.NaN
  return [
    ...Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).map((dependency) => `@cbir/core depends on ${dependency}.`),
    ...(size < limit ? [] : [`@cbir/core takes ${size} bytes minified and gzipped; the limit is ${limit}.`]),
  ]
}

/** Bytes of an entry of core. A `node:` import makes the bundling fail, as it would for a user. @param {string} entry */
async function bundledSize(entry) {
  // Imported here: this module must load before the packages are installed.
  const { build } = await import('esbuild')
  const bundle = await build({
    entryPoints: [join(root, 'packages/core', entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return gzipSync(/** @type {any} */ (bundle.outputFiles)[0].contents, { level: 9 }).length
}
