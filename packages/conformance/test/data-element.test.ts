// The suite on the reference and on core's elements: in memory, of a data: URL, and of a file.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataElementSuite, referenceDataElement } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type DataElement } from '@cbir/core'
import { dataUrlElement, memoryDataElement, memoryDataElementPlugin, toBase64 } from '@cbir/core/memory'
import { fileDataElement, fileDataElementPlugin } from '@cbir/core/node'
import { afterAll, beforeAll } from 'vitest'

let directory = ''
let files = 0

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cbir-data-element-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const registry = createRegistry([memoryDataElementPlugin, fileDataElementPlugin])
const fromConfig = async (config: Parameters<typeof registry.fromConfig>[0]): Promise<DataElement> =>
  (await registry.fromConfig(config)) as DataElement

for (const writable of [true, false]) {
  dataElementSuite({
    runner,
    name: writable ? 'reference element' : 'reference element, read-only',
    writable,
    create: (bytes) => referenceDataElement(bytes, { readOnly: !writable }),
    createMissing: () => referenceDataElement(undefined),
    fromConfig({ config: { bytes, ...unknown } }) {
      if (Object.keys(unknown).length > 0) throw new CbirError('INVALID_CONFIG', 'unknown options')
      return referenceDataElement(Uint8Array.from(bytes as number[]), { readOnly: !writable })
    },
  })
  dataElementSuite({
    runner,
    name: writable ? 'memory-data-element' : 'memory-data-element, read-only',
    writable,
    create: (bytes) => memoryDataElement(bytes, { readOnly: !writable }),
    fromConfig,
  })
}

dataElementSuite({
  runner,
  name: 'data: URL',
  writable: false,
  create: (bytes) => dataUrlElement(`data:application/octet-stream;base64,${toBase64(bytes)}`),
  fromConfig,
})

dataElementSuite({
  runner,
  name: 'file-data-element',
  create: async (bytes) => {
    const path = join(directory, `${files++} é✓.bin`)
    await writeFile(path, bytes)
    return fileDataElement(path)
  },
  createMissing: () => fileDataElement(join(directory, 'nothing')),
  fromConfig,
})
