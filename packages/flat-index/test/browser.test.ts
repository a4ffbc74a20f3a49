// The browser's entry: bundled without a Node module, and then run.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const program = `
  import { flatIndex } from '@cbir/flat-index'
  const codeOf = (call) => call.then(() => 'none', (error) => error.code)
  const index = await flatIndex({ metric: 'manhattan' })
  await index.build([{ uids: ['a', 'b'], vectors: { data: Float32Array.of(0, 0, 3, 4), count: 2, dimensions: 2 } }])
  const found = await index.nearest({ data: Float32Array.of(3, 3), count: 1, dimensions: 2 }, 2)
  console.log(JSON.stringify({
    hits: found.hits(0),
    capabilities: [...index.capabilities],
    config: index.toConfig(),
    save: await codeOf(index.save('somewhere')),
    directory: await codeOf(flatIndex({ directory: 'somewhere' })),
  }))
`

test('bundles for a browser without a Node module, and works there in memory', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cbir/source'],
    metafile: true,
    write: false,
  })
  const { text } = outputFiles[0]!
  const inputs = Object.entries(metafile.inputs)
  expect(inputs.map(([file]) => file)).toContainEqual(expect.stringMatching(/flat-index\/src\/browser\.ts$/))
  expect(inputs.flatMap(([, { imports }]) => imports.filter(({ path, external }) => external || path.startsWith('node:')))).toEqual([])
  expect(inputs.map(([file]) => file).filter((file) => file.includes('core/src/node/'))).toEqual([])
  expect(inputs.map(([file]) => file).filter((file) => file.includes('native'))).toEqual([])
  expect(text).not.toMatch(/["']node:/)

  const directory = await mkdtemp(join(tmpdir(), 'flat-index-'))
  const file = join(directory, 'bundle.mjs')
  await writeFile(file, text)
  const { stdout } = await promisify(execFile)(process.execPath, [file])
  await rm(directory, { recursive: true })
  expect(JSON.parse(stdout)).toEqual({
    hits: [
      { uid: 'b', distance: 1 },
      { uid: 'a', distance: 6 },
    ],
    capabilities: ['update', 'remove', 'range', 'exact'],
    config: { type: 'flat-index', package: '@cbir/flat-index', config: { metric: 'manhattan', storage: 'float32', implementation: 'auto' } },
    save: 'NOT_SUPPORTED',
    directory: 'NOT_SUPPORTED',
  })
})
