// memoryClassificationElement: a classification in memory.

import { describeComponent } from '../component/describe-component.ts'
import { type ElementConfig, elementConfigSchema } from '../component/element-config.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import type { ClassificationElement, ClassificationElementFactory } from './classification-element.ts'
import { notClassifiedError, takeConfidences } from './confidences.ts'

const NAME = 'memory-classification-element'

/** The plugin: makes an element without classifications from `{ type, uid }`. */
export const memoryClassificationElementPlugin: PluginFactory<ElementConfig, ElementConfig, ClassificationElement> = definePlugin({
  kind: 'classification-element',
  interfaces: ['ClassificationElement'],
  name: NAME,
  package: '@cbir/core',
  configSchema: elementConfigSchema,
  create(config) {
    let held: ReadonlyMap<string, number> | undefined
    return {
      ...describeComponent('classification-element', { name: NAME, package: '@cbir/core', config: { ...config } }),
      ...config,
      async hasClassifications(options) {
        throwIfAborted(options?.signal)
        return held !== undefined
      },
      async classifications(options) {
        throwIfAborted(options?.signal)
        if (!held) throw notClassifiedError(config.uid)
        return new Map(held)
      },
      async setClassifications(confidences, options) {
        throwIfAborted(options?.signal)
        held = takeConfidences(config.uid, confidences)
      },
    }
  },
})

/** An element without classifications. @throws CbirError INVALID_CONFIG for an empty type or uid */
export function memoryClassificationElement(type: string, uid: string): ClassificationElement {
  return memoryClassificationElementPlugin({ type, uid })
}

export const memoryClassificationElementFactory: ClassificationElementFactory = { create: memoryClassificationElement }
