// Core runs in a browser: bundled for one, loaded by a real one, and asked to compute.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../browser.mjs'

const core = resolve(import.meta.dirname, '../../packages/core')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbir-browser-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** What a script that imports core puts into `document.title`. */
async function titleSetBy(script: string): Promise<string | undefined> {
  const bundle = await build({
    // A package may import itself by name, so its entries are resolved as an application would.
    stdin: { contents: script, resolveDir: core, loader: 'ts' },
    conditions: ['@cbir/source'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  const page = join(folder, 'page.html')
  writeFileSync(page, `<!doctype html><title>unset</title><body><script>${bundle.outputFiles[0]!.text.replaceAll('</script', '<\\/script')}</script>`)
  const browser = findBrowser()
  if (!browser) throw new Error('No Chromium or Chrome was found: npm test installs it or says how; or set CHROME_PATH.')
  const quiet = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  const mode = ['--headless', '--no-sandbox', `--user-data-dir=${join(folder, 'profile')}`, '--virtual-time-budget=10000', '--dump-dom']
  const { stdout } = await promisify(execFile)(browser, [...mode, ...quiet, pathToFileURL(page).href], { timeout: 60_000 })
  return /<title>(.*?)<\/title>/.exec(stdout)?.[1]
}

test('vectors, metrics, errors, time slices and a descriptor set work in a browser', { timeout: 90_000 }, async () => {
  const title = await titleSetBy(`
    import { addVector, CbirError, distance, getVector, vectorBatchOf } from '@cbir/core'
    import { TimeSlice } from '@cbir/core/define'
    import { memoryDescriptorSet } from '@cbir/core/memory'

    function codeOf(work) {
      try { work() } catch (error) { return CbirError.isInstance(error) ? error.code : 'another error' }
    }
    async function main() {
      await new TimeSlice().pause()
      const set = memoryDescriptorSet()
      await addVector(set, 'a', Float32Array.of(3, 4))
      return [distance('euclidean', [0, 0], await getVector(set, 'a')), codeOf(() => vectorBatchOf([]))].join(' ')
    }
    main().then((said) => (document.title = said), (error) => (document.title = String(error)))
  `)
  expect(title).toBe('5 INVALID_ARGUMENT')
})
