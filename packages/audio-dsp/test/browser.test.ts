// The browser's entry: bundled without a Node module, and then run, the module fetched from where it was copied to.

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { wasmUrl } from '../src/wasm-module.ts'

const program = `
  import { nativeProblem, stft } from '@cbir/audio-dsp'
  const tone = Float32Array.from({ length: 64 }, (_, i) => Math.cos(2 * Math.PI * i / 8))
  const call = (options) => stft(tone, { nFft: 16, center: false, window: 'ones', ...options }).then(({ data, frames }) => [frames, data[4], data[6]].map((x) => Math.round(x * 1e6) / 1e6), ({ code }) => code)
  const before = await call()
  globalThis.fetch = FETCH
  console.log(JSON.stringify([before, await call(), await call({ precision: 'f32' }), await call({ implementation: 'native' }), nativeProblem()]))
`

test('bundles for a browser without a Node module, and works there', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: program.replace('FETCH', '(url) => globalThis.fetchFile(url)'),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cbir/source'],
    metafile: true,
    write: false,
  })
  const inputs = Object.entries(metafile.inputs)
  expect(inputs.map(([file]) => file)).toContainEqual(expect.stringMatching(/audio-dsp\/src\/browser\.ts$/))
  expect(inputs.flatMap(([, { imports }]) => imports.filter(({ path, external }) => external || path.startsWith('node:')))).toEqual([])
  expect(inputs.map(([file]) => file).filter((file) => file.includes('native'))).toEqual([])

  const directory = await mkdtemp(join(tmpdir(), 'audio-dsp-'))
  try {
    await mkdir(join(directory, 'prebuilds'))
    await mkdir(join(directory, 'dist'))
    await copyFile(wasmUrl, join(directory, 'prebuilds', 'audio_dsp.wasm'))
    // A browser fetches any address; Node's fetch knows no files.
    const host = `
      globalThis.fetch = async () => ({ ok: false, status: 404 })
      globalThis.fetchFile = async (url) => { const { readFile } = await import('node:fs/promises'); return { ok: true, status: 200, arrayBuffer: async () => new Uint8Array(await readFile(url)).buffer } }
    `
    await writeFile(join(directory, 'dist', 'host.mjs'), host)
    await writeFile(join(directory, 'dist', 'bundle.mjs'), `import './host.mjs'\n${outputFiles[0]!.text}`)
    const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'dist', 'bundle.mjs')])
    expect(JSON.parse(stdout)).toEqual(['NOT_USABLE', [13, 8, 0], [13, 8, 0], 'NOT_USABLE', expect.stringContaining('no native code')])
  } finally {
    await rm(directory, { recursive: true })
  }
})
