// The browser's entry: bundled without a Node module, and then run, decoders in the same thread.

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
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
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    define: { FILES: JSON.stringify(files.map((file) => Buffer.from(file).toString('base64'))) },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['@cbir/source'],
    metafile: true,
    write: false,
    logLevel: 'error',
    // The decoders' packages have classes of workers beside what is used here; a browser has their base.
    banner: { js: 'globalThis.Worker ??= class {}' },
  })
  const { text } = outputFiles[0]!
  const inputs = Object.entries(metafile.inputs)
  expect(inputs.map(([file]) => file)).toContainEqual(expect.stringMatching(/audio-decode\/src\/browser\.ts$/))
  expect(inputs.flatMap(([, { imports }]) => imports.filter(({ path }) => path.startsWith('node:')))).toEqual([])
  const directory = await mkdtemp(join(tmpdir(), 'cbir-audio-'))
  const file = join(directory, 'bundle.mjs')
  await writeFile(file, text)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file])
  await rm(directory, { recursive: true })
  expect(stderr).toBe('')
  const results = JSON.parse(stdout)
  for (const [i, bytes] of files.entries()) {
    const { encoding, frames, samples } = await decodeAudio(bytes)
    const sum = samples.reduce((all, sample) => all + sample * sample, 0)
    expect(results[i]).toEqual({ encoding, frames, sum, cut: 'CORRUPT_DATA' })
  }
})
