// The suite on the reference, and on core's descriptor sets.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { descriptorSetSuite, openReferenceDescriptorSet, referenceDescriptorSet } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type DescriptorItems, type DescriptorSet } from '@cbir/core'
import { memoryDescriptorSet } from '@cbir/core/memory'
import { fileDescriptorSet } from '@cbir/core/node'
import { afterAll } from 'vitest'

const registry = createRegistry([memoryDescriptorSet, fileDescriptorSet])
const fromConfig = (config: Parameters<typeof registry.fromConfig>[0]): Promise<DescriptorSet> => registry.fromConfig(config, 'descriptor-set')

descriptorSetSuite({
  runner,
  name: 'reference descriptor set',
  create: () => referenceDescriptorSet(),
  reopen: openReferenceDescriptorSet,
  createReadOnly: async (items) => {
    const rows = items.uids.map((uid, i) => {
      const { data, dimensions } = items.vectors
      return [uid, { vector: data.slice(i * dimensions, (i + 1) * dimensions), attributes: items.attributes?.[i] }] as const
    })
    return referenceDescriptorSet({ readOnly: true }, rows)
  },
  fromConfig: ({ config }) => {
    if (Object.keys(config).length > 0) throw new CbirError('INVALID_CONFIG', 'the reference has no options')
    return referenceDescriptorSet()
  },
})

descriptorSetSuite({ runner, name: 'memory-descriptor-set', create: () => memoryDescriptorSet(), fromConfig })

const root = await mkdtemp(join(tmpdir(), 'cbir-descriptor-set-'))
afterAll(() => rm(root, { recursive: true }))
const directory = (): Promise<string> => mkdtemp(join(root, 'set-'))

descriptorSetSuite({
  runner,
  name: 'file-descriptor-set',
  create: async () => fileDescriptorSet({ directory: await directory(), sync: 'none' }),
  reopen: (at) => fileDescriptorSet({ directory: at, sync: 'none' }),
  createReadOnly: async (items: DescriptorItems) => {
    const at = await directory()
    const set = await fileDescriptorSet({ directory: at, sync: 'none' })
    await set.addMany([items])
    await set.dispose()
    return fileDescriptorSet({ directory: at, readOnly: true })
  },
  fromConfig,
})
