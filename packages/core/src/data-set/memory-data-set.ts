// memoryDataSet: a data set that keeps its elements in memory.

import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { noConfig } from '../config/object-schema.ts'
import type { DataElement } from '../data-element/data-element.ts'
import type { DataSet } from './data-set.ts'
import { defineDataSet } from './define-data-set.ts'

/** An empty set that lives as long as the object does. It keeps the elements, not copies of them. Takes no configuration. */
export const memoryDataSet: PluginFactory<Record<string, never>, Record<string, never>, DataSet> = definePlugin({
  kind: 'data-set',
  interfaces: ['DataSet'],
  name: 'memory-data-set',
  package: '@cbir/core',
  configSchema: noConfig,
  create(config) {
    const held = new Map<string, DataElement>()
    return defineDataSet(
      { name: 'memory-data-set', package: '@cbir/core', config },
      {
        count: () => held.size,
        get: (uuids) => uuids.map((uuid) => held.get(uuid)),
        elements: () => held.values(),
        write(uuids, elements) {
          for (const [i, uuid] of uuids.entries()) held.set(uuid, elements[i]!)
        },
        close: () => held.clear(),
      },
    )
  },
})
