// The plugin: configuration there and back, the manifest, and what a wrong configuration says.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as entry from '@cbir/audio-fingerprint'
import { audioFingerprint } from '@cbir/audio-fingerprint'
import { createRegistry, supports } from '@cbir/core'
import { expect, test } from 'vitest'
import { melody } from './support/sounds.ts'

const registry = createRegistry([audioFingerprint])

test('a component says the configuration that it was made from, with defaults', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'audio-fingerprint-'))
  for (const config of [{}, { minimumConfidence: 0.9 }, { directory: join(directory, 'new') }]) {
    const normal = await registry.parse({ type: 'audio-fingerprint', config })
    const matcher = await registry.fromConfig({ type: 'audio-fingerprint', config }, 'recording-matcher')
    expect(matcher.toConfig()).toEqual(normal)
    expect(await registry.parse(matcher.toConfig())).toEqual(normal)
    await matcher.dispose()
  }
  expect(await registry.parse({ type: 'audio-fingerprint' })).toEqual({
    type: 'audio-fingerprint',
    package: '@cbir/audio-fingerprint',
    config: { minimumConfidence: 0.5 },
  })
  await rm(directory, { recursive: true })
})

test.each([{ minimumConfidence: -0.1 }, { minimumConfidence: 1.1 }, { minimumConfidence: '1' }, { directory: '' }, { other: 1 }])(
  '%j is INVALID_CONFIG',
  async (config) => {
    await expect(registry.fromConfig({ type: 'audio-fingerprint', config })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  },
)

test('the manifest names what the package exports', async () => {
  const { name, cbir } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    name: string
    cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
  }
  expect(name).toBe(audioFingerprint.package)
  expect(cbir.apiVersion).toBe(audioFingerprint.apiVersion)
  expect(cbir.plugins).toEqual([{ kind: audioFingerprint.kind, name: audioFingerprint.name, export: '.' }])
  expect(Object.keys(entry)).toEqual(['audioFingerprint'])
})

test('a directory may be opened with another minimumConfidence', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'audio-fingerprint-'))
  const matcher = await audioFingerprint({ directory })
  expect(supports(matcher, 'remove') && supports(matcher, 'persist')).toBe(true)
  await matcher.add('one', { samples: melody(1, 6), sampleRate: 11_025 })
  await matcher.dispose()
  const again = await audioFingerprint({ directory, minimumConfidence: 0 })
  expect(again.count).toBe(1)
  await again.dispose()
  await rm(directory, { recursive: true })
})
