// The layer rules bite: every forbidden import, made on purpose in a small workspace, is reported under its rule.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../checks/layers.mjs'

/** A workspace with a package of each layer and the given files. */
function makeWorkspace(files: Readonly<Record<string, string>>): string {
  const workspace = mkdtempSync(join(tmpdir(), 'cbir-layers-'))
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(workspace, file)), { recursive: true })
    writeFileSync(join(workspace, file), text)
  }
  for (const name of ['core', 'conformance', 'audio-dsp', 'native-kit', 'flat-index', 'image-loader']) {
    const peers = name === 'conformance' ? { peerDependencies: { vitest: '*' } } : {}
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@cbir/${name}`, devDependencies: { vitest: '*' }, ...peers }))
    write(`packages/${name}/src/index.ts`, 'export const here: string = import.meta.url\n')
  }
  write('packages/core/src/node/index.ts', "export { readFileSync } from 'node:fs'\nexport { here } from '../index.ts'\n")
  write('examples/search/src/main.ts', '')
  write('benchmarks/run.mjs', '')
  write('tooling/test-data.ts', '')
  write('node_modules/vitest/package.json', JSON.stringify({ name: 'vitest', main: 'index.js' }))
  write('node_modules/vitest/index.js', '')
  for (const [file, text] of Object.entries(files)) write(file, text)
  return workspace
}

test('a workspace whose imports point down passes', async () => {
  const workspace = makeWorkspace({
    'examples/search/src/main.ts': "import '../../../packages/flat-index/src/index.ts'\nimport '../../../packages/core/src/index.ts'\n",
    'packages/flat-index/src/a.ts': "import '../../core/src/node/index.ts'\nimport 'node:path'\n",
    'packages/flat-index/test/a.test.ts': "import '../../conformance/src/index.ts'\nimport '../../../tooling/test-data.ts'\nimport 'vitest'\n",
    'packages/conformance/src/vitest.ts': "import 'vitest'\nimport '../../core/src/index.ts'\n",
    'packages/audio-dsp/src/a.ts': "import '../../native-kit/src/index.ts'\n",
  })
  expect(await check(workspace)).toEqual([])
  rmSync(workspace, { recursive: true })
})

describe('a forbidden import is reported', () => {
  const violations: [rule: string, file: string, text: string][] = [
    ['core-alone', 'packages/core/src/a.ts', "import 'vitest'"],
    ['core-alone', 'packages/core/src/node/a.ts', "import '../../../flat-index/src/index.ts'"],
    ['core-without-node-modules', 'packages/core/src/b.ts', "import 'node:fs'"],
    ['core-without-node-modules', 'packages/core/src/c.ts', "import type { Stats } from 'node:fs'"],
    ['core-without-its-node-part', 'packages/core/src/d.ts', "export * from './node/index.ts'"],
    ['conformance-imports-core-alone', 'packages/conformance/src/a.ts', "import 'vitest'"],
    ['shared-conformance', 'packages/conformance/src/vitest.ts', "import '../../flat-index/src/index.ts'"],
    ['shared-audio-dsp', 'packages/audio-dsp/src/a.ts', "import '../../image-loader/src/index.ts'"],
    ['shared-native-kit', 'packages/native-kit/src/a.ts', "import '../../audio-dsp/src/index.ts'"],
    ['adapter-imports-no-adapter', 'packages/flat-index/src/a.ts', "import '../../image-loader/src/index.ts'"],
    ['adapter-imports-no-adapter', 'packages/flat-index/src/b.ts', "import type {} from '../../image-loader/src/index.ts'"],
    ['adapter-imports-no-adapter', 'packages/flat-index/test/c.test.ts', "import '../../../examples/search/src/main.ts'"],
    ['tests-and-tooling-are-not-shipped', 'packages/flat-index/src/d.ts', "import '../../conformance/src/index.ts'"],
    ['tests-and-tooling-are-not-shipped', 'packages/flat-index/src/e.ts', "import '../../../tooling/test-data.ts'"],
    ['declared-dependency', 'packages/flat-index/src/f.ts', "import 'vitest'"],
    ['no-cycle', 'packages/flat-index/src/g.ts', "import './g.ts'"],
    ['resolvable', 'packages/flat-index/src/i.ts', "import '@cbir/nowhere'"],
  ]
  let workspace = ''
  let report = ''

  beforeAll(async () => {
    workspace = makeWorkspace(Object.fromEntries(violations.map(([, file, text]) => [file, `${text}\n`])))
    report = (await check(workspace)).join('\n')
  })
  afterAll(() => rmSync(workspace, { recursive: true }))

  test.each(violations)('%s: %s', (rule, file) => {
    expect(report).toContain(`error ${rule}: ${file} →`)
  })
})
