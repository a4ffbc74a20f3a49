// memoryDescriptorElement: a descriptor in memory.

import { describeComponent } from '../component/describe-component.ts'
import type { ElementConfig } from '../component/element-config.ts'
import { elementConfigSchema } from '../component/element-config.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import type { DescriptorElement, DescriptorElementFactory } from './descriptor-element.ts'
import { noVectorError, takeVector } from './take-vector.ts'

const NAME = 'memory-descriptor-element'

/** The plugin: makes an element without a vector from `{ type, uid }`. */
export const memoryDescriptorElementPlugin: PluginFactory<ElementConfig, ElementConfig, DescriptorElement> = definePlugin({
  kind: 'descriptor-element',
  interfaces: ['DescriptorElement'],
  name: NAME,
  package: '@cbir/core',
  configSchema: elementConfigSchema,
  create(config) {
    let held: Float32Array | null = null
    return {
      ...describeComponent('descriptor-element', { name: NAME, package: '@cbir/core', config: { ...config } }),
      ...config,
      async hasVector(options) {
        throwIfAborted(options?.signal)
        return held !== null
      },
      async vector(options) {
        throwIfAborted(options?.signal)
        if (held === null) throw noVectorError(config.uid)
        return held.slice()
      },
      async setVector(vector, options) {
        throwIfAborted(options?.signal)
        held = takeVector(config.uid, vector)
      },
    }
  },
})

/** An element without a vector. @throws CbirError INVALID_CONFIG for an empty type or uid */
export function memoryDescriptorElement(type: string, uid: string): DescriptorElement {
  return memoryDescriptorElementPlugin({ type, uid })
}

export const memoryDescriptorElementFactory: DescriptorElementFactory = { create: memoryDescriptorElement }
