// The package in a browser: bundled without a Node module, and then run, the module fetched from where it was copied to.

import { expect, test } from 'vitest'
import { bundleForBrowser, runBundle } from '../../../tooling/bundle-for-browser.ts'
import { wasmUrl } from '../src/wasm-module.ts'

// A browser fetches any address; Node's fetch knows no files.
const program = `
  import { nativeProblem, stft } from '@cbir/audio-dsp'
  const { readFileSync } = globalThis.process.getBuiltinModule('fs')
  const tone = Float32Array.from({ length: 64 }, (_, i) => Math.cos(2 * Math.PI * i / 8))
  const call = (options) => stft(tone, { nFft: 16, center: false, window: 'ones', ...options }).then(({ data, frames }) => [frames, data[4], data[6]].map((x) => Math.round(x * 1e6) / 1e6), ({ code }) => code)
  globalThis.fetch = async () => ({ ok: false, status: 404 })
  const before = await call()
  globalThis.fetch = async (url) => ({ ok: true, status: 200, arrayBuffer: async () => new Uint8Array(readFileSync(url)).buffer })
  console.log(JSON.stringify([before, await call(), await call({ precision: 'f32' }), await call({ implementation: 'native' }), nativeProblem()]))
`

test('bundles for a browser without a Node module, and works there', async () => {
  const { text, files, outside } = await bundleForBrowser(program, import.meta.dirname)
  expect(files).toContainEqual(expect.stringMatching(/audio-dsp\/src\/browser-engine-choice\.ts$/))
  expect(files.filter((file) => /native|unwritten|\/engine-choice/.test(file))).toEqual([])
  expect(outside).toEqual([])
  const { value } = await runBundle(text, { 'prebuilds/audio_dsp.wasm': wasmUrl })
  expect(value).toEqual(['NOT_USABLE', [13, 8, 0], [13, 8, 0], 'NOT_USABLE', expect.stringContaining('no native code')])
})
