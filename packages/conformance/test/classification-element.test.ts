// The suite on the reference, in memory and kept in a table, and on core's element in memory.

import { classificationElementSuite, type ReferenceClassificationTable, referenceClassificationElement } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import type { ClassificationElement, ComponentConfig } from '@cbir/core'
import { createRegistry } from '@cbir/core'
import { memoryClassificationElement, memoryClassificationElementPlugin } from '@cbir/core/memory'
import { onlyOptions } from './support/model-tools.ts'

const registry = createRegistry([memoryClassificationElementPlugin])
const table: ReferenceClassificationTable = new Map()

classificationElementSuite({
  runner,
  name: 'reference element',
  create: (type, uid) => referenceClassificationElement(type, uid),
  fromConfig({ config }) {
    const { type, uid } = onlyOptions(config, 'type', 'uid') as { type: string; uid: string }
    return referenceClassificationElement(type, uid)
  },
})

const kept = (type: string, uid: string): ClassificationElement => referenceClassificationElement(type, uid, table)

classificationElementSuite({ runner, name: 'reference element that is kept', create: kept, reopen: kept })

classificationElementSuite({
  runner,
  name: 'memory element of core',
  create: memoryClassificationElement,
  fromConfig: (config: ComponentConfig) => registry.fromConfig(config) as Promise<ClassificationElement>,
})
