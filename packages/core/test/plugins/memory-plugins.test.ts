// Core's own plugins: the law of configuration for those in memory, and that the manifest names every one.

import { readFile } from 'node:fs/promises'
import * as core from '@cbir/core'
import { createRegistry, type Plugin, type WrittenConfig } from '@cbir/core'
import * as memoryEntry from '@cbir/core/memory'
import * as node from '@cbir/core/node'
import { describe, expect, it } from 'vitest'

/** What each plugin needs beyond its defaults. */
const CONFIGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'memory-classification-element': { type: 'svm', uid: 'a' },
  'memory-data-element': { base64: 'AQID', contentType: 'image/png' },
  'memory-data-set': {},
  'memory-descriptor-element': { type: 'hog', uid: 'a' },
  'memory-descriptor-set': {},
  'memory-hash-index': {},
  'memory-key-value-store': {},
}

const pluginsOf = (module: object): Plugin[] =>
  Object.values(module).filter((value): value is Plugin => typeof value === 'function' && 'configSchema' in value)

describe("core's plugins", () => {
  const memory = pluginsOf(memoryEntry)
  const registry = createRegistry(memory)

  it('in memory are those that are tested here', () => {
    expect(memory.map(({ name }) => name).sort()).toEqual(Object.keys(CONFIGS).sort())
  })

  for (const plugin of memory) {
    it(`${plugin.name} comes back from its configuration`, async () => {
      const written: WrittenConfig = { type: plugin.name, package: '@cbir/core', config: CONFIGS[plugin.name] ?? {} }
      const normal = await registry.parse(written)
      expect(await registry.parse(normal)).toEqual(normal)
      const component = await registry.fromConfig(written, plugin.kind)
      expect(component.kind).toBe(plugin.kind)
      expect(component.toConfig()).toEqual(normal)
      await expect(registry.parse({ ...written, config: { ...written.config, nonsense: 1 } })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    })
  }

  it('are in the manifest, under the names that they are exported by', async () => {
    const { cbir } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
      cbir: { apiVersion: number; plugins: { kind: string; name: string; export: string }[] }
    }
    expect(cbir.apiVersion).toBe(1)
    const exported = { '.': pluginsOf(core), './memory': memory, './node': pluginsOf(node) }
    const expected = Object.entries(exported).flatMap(([at, plugins]) => plugins.map(({ kind, name }) => `${at} ${kind} ${name}`))
    expect(cbir.plugins.map((entry) => `${entry.export} ${entry.kind} ${entry.name}`).sort()).toEqual(expected.sort())
  })
})
