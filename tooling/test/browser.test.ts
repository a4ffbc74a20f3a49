// Core and audio-dsp run in a browser: bundled for one, loaded by a real one, and asked to compute.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../browser.mjs'
import { bundleForBrowser } from '../bundle-for-browser.ts'

const packages = resolve(import.meta.dirname, '../../packages')
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbir-browser-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

/** Serves files of these addresses, while `use` runs. */
async function served<T>(
  files: Readonly<Record<string, { readonly type: string; readonly body: string | Uint8Array }>>,
  use: (origin: string) => Promise<T>,
): Promise<T> {
  const server = createServer(({ url = '' }, response) => {
    const file = files[url]
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** What a script that imports a package puts into `document.title`. `modules`: files of its prebuilds/, which an application copies along. */
async function titleSetBy(script: string, folderName: string, modules: readonly string[] = []): Promise<string | undefined> {
  const own = join(packages, folderName)
  // A package may import itself by name, so its entries are resolved as an application would.
  const { text } = await bundleForBrowser(script, own)
  const files = {
    '/': { type: 'text/html', body: '<!doctype html><title>unset</title><body><script type="module" src="/dist/bundle.js"></script>' },
    '/dist/bundle.js': { type: 'text/javascript', body: text },
    ...Object.fromEntries(
      modules.map((name) => [`/prebuilds/${name}`, { type: 'application/wasm', body: readFileSync(join(own, 'prebuilds', name)) }]),
    ),
  }
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
  return served(files, async (origin) => {
    const { stdout } = await promisify(execFile)(browser, [...mode, ...quiet, `${origin}/`], { timeout: 60_000 })
    return /<title>(.*?)<\/title>/.exec(stdout)?.[1]
  })
}

test('vectors, metrics, errors, time slices and a descriptor set work in a browser', { timeout: 90_000 }, async () => {
  const title = await titleSetBy(
    `
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
  `,
    'core',
  )
  expect(title).toBe('5 INVALID_ARGUMENT')
})

test('audio-dsp transforms in a browser, by the module beside its bundle', { timeout: 90_000 }, async () => {
  const title = await titleSetBy(
    `
    import { spectrogram } from '@cbir/audio-dsp'

    async function main() {
      const tone = Float32Array.from({ length: 8000 }, (_, i) => Math.sin((2 * Math.PI * 500 * i) / 8000))
      const said = []
      for (const precision of ['f64', 'f32']) {
        const { data, frames, bins } = await spectrogram(tone, { nFft: 512, hopLength: 128, precision })
        const middle = [...data.subarray(30 * bins, 31 * bins)]
        said.push(frames, bins, middle.indexOf(Math.max(...middle)))
      }
      const refused = await spectrogram(tone, { implementation: 'native' }).catch(({ code }) => code)
      return [...said, refused].join(' ')
    }
    main().then((said) => (document.title = said), (error) => (document.title = String(error)))
  `,
    'audio-dsp',
    ['audio_dsp.wasm'],
  )
  expect(title).toBe('63 257 32 63 257 32 NOT_USABLE')
})
