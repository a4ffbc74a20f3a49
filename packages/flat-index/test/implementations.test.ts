// Which implementation is used, where it is said, and that each opens what the other wrote.

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { METRIC_NAMES, type VectorBatch, vectorBatchOf } from '@cbir/core'
import { type FlatIndexConfig, flatIndex, nativeProblem } from '@cbir/flat-index'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { flatAddon } from '../src/native-addon.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flat-index-'))
})
afterEach(() => rm(directory, { recursive: true }))

const vectors: VectorBatch = { data: Float32Array.from({ length: 300 * 17 }, (_, i) => Math.cos(i * i)), count: 300, dimensions: 17 }
const items = { uids: Array.from({ length: 300 }, (_, i) => `${i}`), vectors }
type Way = Pick<FlatIndexConfig, 'implementation' | 'storage'>
const ways: readonly Way[] = [
  { implementation: 'native', storage: 'float32' },
  { implementation: 'native', storage: 'int8' },
  { implementation: 'typescript', storage: 'float32' },
]

test('this machine has the native kernels', () => {
  expect(nativeProblem()).toBeUndefined()
})

describe.each(METRIC_NAMES)('%s', (metric) => {
  test('an index that one implementation wrote is opened by the others, and answers the same', async () => {
    for (const writing of ways) {
      if (metric === 'hamming' && writing.storage !== 'float32') continue
      const home = join(directory, `${writing.implementation}-${writing.storage}`)
      const written = await flatIndex({ metric, ...writing, directory: home })
      await written.build([items])
      await written.remove(['7', '130'])
      const wanted = await written.nearest(vectors, 20)
      await written.dispose()
      for (const reading of ways) {
        if (metric === 'hamming' && reading.storage !== 'float32') continue
        const read = await flatIndex({ metric, ...reading, directory: home })
        const found = await read.nearest(vectors, 20)
        expect(found.uids).toEqual(wanted.uids)
        expect(found.distances).toEqual(wanted.distances)
        await read.dispose()
      }
    }
  })
})

test('codes are an option of the scan in TypeScript, too, which does not need them', async () => {
  const index = await flatIndex({ storage: 'float16', implementation: 'typescript' })
  await index.build([items])
  expect((await index.nearest(vectors, 1)).uids).toEqual(items.uids)
  await index.dispose()
})

const packageRoot = new URL('..', import.meta.url)

/** Runs a program that imports the package from source in a process of its own. `root`: where the package takes itself to be installed. */
async function inChild(program: string, root: URL, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const outfile = join(directory, 'child.mjs')
  await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('src', packageRoot)), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@cbir/source'],
    plugins: [
      {
        name: 'place',
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            const url = pathToFileURL(path).href
            const place = url.startsWith(packageRoot.href) ? url.replace(packageRoot.href, root.href) : url
            return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(place)), loader: 'ts' }
          })
        },
      },
    ],
  })
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { env: { ...process.env, ...env } })
  return JSON.parse(stdout)
}

const found = `
  const index = await flatIndex({ metric: 'cosine' })
  await index.build([{ uids: ['a', 'b'], vectors: { data: Float32Array.of(1, 0, 0, 1), count: 2, dimensions: 2 } }])
  const { uids } = await index.nearest({ data: Float32Array.of(0.1, 1), count: 1, dimensions: 2 }, 1)
`

test('without a binary, auto scans in TypeScript and says so; native is refused', async () => {
  const bare = pathToFileURL(`${join(directory, 'bare')}/`)
  await mkdir(bare)
  await cp(new URL('package.json', packageRoot), new URL('package.json', bare))
  const answer = await inChild(
    `import { flatIndex, nativeProblem } from './index.ts'
    ${found}
    const refused = await flatIndex({ implementation: 'native' }).catch((error) => error.code)
    console.log(JSON.stringify([uids, refused, nativeProblem()]))`,
    bare,
  )
  expect(answer).toEqual([['b'], 'NOT_USABLE', expect.stringMatching(/@cbir\/flat-index has no binary for \w+-\w+.*prebuilds/)])
})

test.each(['plain', 'avx2', 'avx512', 'neon'])(
  'CBIR_CPU=%s is what the kernels use, or INVALID_CONFIG where the processor has not got it',
  async (name) => {
    const answer = await inChild(
      `import { flatIndex } from './index.ts'
    import { flatAddon } from './native-addon.ts'
    try {
      ${found}
      console.log(JSON.stringify([uids, flatAddon().instructionSet]))
    } catch (error) {
      console.log(JSON.stringify(error.code))
    }`,
      packageRoot,
      { CBIR_CPU: name },
    )
    expect(answer).toEqual(flatAddon().instructionSets.includes(name) ? [['b'], name] : 'INVALID_CONFIG')
  },
)

test('an empty filter and a filter of few', async () => {
  const index = await flatIndex({ implementation: 'native' })
  await index.build([items])
  expect((await index.nearest(vectors, 3, { filter: () => false })).uids).toEqual([])
  expect((await index.nearest(vectorBatchOf([[...vectors.data.subarray(0, 17)]]), 3, { filter: (uid) => uid === '299' })).uids).toEqual(['299'])
  await index.dispose()
})
