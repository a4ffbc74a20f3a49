// The browser's entry: bundled without a Node module, and then run, decoders in the same thread.

import { expect, test } from 'vitest'
import { bundleForBrowser, runBundle } from '../../../tooling/bundle-for-browser.ts'
import { decodeAudio } from '../src/index.ts'
import { encode } from './support/ffmpeg.ts'
import { CODECS } from './support/formats.ts'
import { soundFile } from './support/sounds.ts'

const program = `
  import { decodeAudio } from '@cbir/audio-decode'
  const results = []
  for (const file of FILES) {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))
    const { encoding, frames, samples, partial } = await decodeAudio(bytes)
    const cut = await decodeAudio(bytes.slice(0, bytes.length * 0.8)).catch((error) => error)
    results.push({ encoding, frames, partial, sum: samples.reduce((sum, sample) => sum + sample * sample, 0), cut: cut.code ?? cut.partial?.code })
  }
  console.log(JSON.stringify(results))
`

test('bundles for a browser without a Node module, and decodes every format there, without a word', async () => {
  const files = await Promise.all(CODECS.map(({ ending, args }) => encode(soundFile(1.2, 24000, 1), ending, ...args)))
  const bundle = await bundleForBrowser(program, import.meta.dirname, {
    define: { FILES: JSON.stringify(files.map((file) => Buffer.from(file).toString('base64'))) },
    // The decoders' packages have classes of workers beside what is used here; a browser has their base.
    banner: { js: 'globalThis.Worker ??= class {}' },
  })
  expect(bundle.files).toContainEqual(expect.stringMatching(/audio-decode\/src\/browser\.ts$/))
  expect(bundle.outside).toEqual([])
  const { value, errors } = await runBundle(bundle.text)
  expect(errors).toBe('')
  expect(value).toHaveLength(files.length)
  const results = value as unknown[]
  for (const [i, bytes] of files.entries()) {
    const { encoding, frames, samples } = await decodeAudio(bytes)
    const sum = samples.reduce((all, sample) => all + sample * sample, 0)
    expect(results[i]).toEqual({ encoding, frames, sum, cut: 'CORRUPT_DATA' })
  }
})
