// The packed packages, installed in an empty folder outside of the workspace, compile in a strict project; so do the examples of the READMEs.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packPackages } from '../pack.mjs'
import { mustRun, root, run } from '../run.mjs'
import { readJson } from '../workspace.mjs'

export const name = 'types of the packed packages'

export async function check() {
  const packed = await packPackages()
  const folder = mkdtempSync(join(tmpdir(), 'cbir-consumer-'))
  try {
    // pnpm takes third-party packages from its store, so nothing is downloaded again.
    const tarballs = Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]))
    const versions = Object.fromEntries(
      ['@types/node', 'vitest'].map((tool) => [tool, readJson(join(root, 'node_modules', tool, 'package.json')).version]),
    )
    writeJson(join(folder, 'package.json'), { name: 'consumer', private: true, type: 'module', dependencies: { ...tarballs, ...versions } })
    // The tarballs ask for each other by versions that are not published yet.
    writeJson(join(folder, 'pnpm-workspace.yaml'), { packages: ['.'], overrides: tarballs, ignoreScripts: true, strictDepBuilds: false })
    await mustRun('pnpm', ['install', '--prefer-offline', '--ignore-scripts', '--no-frozen-lockfile'], { cwd: folder })

    const entries = packed.flatMap(({ manifest }) =>
      Object.entries(manifest.exports)
        .filter(([, target]) => typeof target !== 'string')
        .map(([entry]) => manifest.name + entry.slice(1)),
    )
    writeFileSync(join(folder, 'entries.ts'), entries.map((entry, i) => `export * as entry${i} from '${entry}'\n`).join(''))
    for (const { directory, manifest } of [{ directory: root, manifest: { name: 'workspace' } }, ...packed]) {
      for (const [i, code] of readmeExamples(join(directory, 'README.md')).entries()) {
        writeFileSync(join(folder, `readme-of-${manifest.name.replace('@cbir/', '')}-${i}.ts`), code)
      }
    }
    writeJson(join(folder, 'tsconfig.json'), {
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2023'],
        types: ['node'],
        skipLibCheck: false,
        noEmit: true,
      },
    })
    const { code, log } = await run('tsc', ['-p', folder])
    return code === 0 ? [] : [log]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The TypeScript blocks of a README, each a module: what a reader copies must compile. @param {string} file */
function readmeExamples(file) {
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => `${code}export {}\n`)
}

/** @param {string} file @param {unknown} value */
function writeJson(file, value) {
  writeFileSync(file, JSON.stringify(value, null, 2))
}
