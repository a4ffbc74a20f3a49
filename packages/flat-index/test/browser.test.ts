// The browser's entry: bundled without a Node module, and then run.

import { expect, test } from 'vitest'
import { bundleForBrowser, runBundle } from '../../../tooling/bundle-for-browser.ts'

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
  const { text, files, outside } = await bundleForBrowser(program, import.meta.dirname)
  expect(files).toContainEqual(expect.stringMatching(/flat-index\/src\/browser\.ts$/))
  expect(files.filter((file) => file.includes('core/src/node/'))).toEqual([])
  expect(files.filter((file) => file.includes('native'))).toEqual([])
  expect(outside).toEqual([])
  expect(text).not.toMatch(/["']node:/)
  const { value } = await runBundle(text)
  expect(value).toEqual({
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
