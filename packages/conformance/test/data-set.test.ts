// The suite on the reference and on core's sets: in memory, and of the files below a folder.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataSetSuite, readOnlyReferenceDataSet, referenceDataElement, referenceDataSet } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type DataSet } from '@cbir/core'
import { memoryDataElement, memoryDataSet } from '@cbir/core/memory'
import { fileTree, fileTreePlugin } from '@cbir/core/node'
import { afterAll, beforeAll } from 'vitest'

const registry = createRegistry([memoryDataSet, fileTreePlugin])
const fromConfig = async (config: Parameters<typeof registry.fromConfig>[0]): Promise<DataSet> => (await registry.fromConfig(config)) as DataSet

dataSetSuite({
  runner,
  name: 'reference data set',
  async create(contents) {
    const set = referenceDataSet()
    await set.addMany([contents.map((bytes) => referenceDataElement(bytes))])
    return set
  },
  fromConfig({ config }) {
    if (Object.keys(config).length > 0) throw new CbirError('INVALID_CONFIG', 'the reference data set has no options')
    return referenceDataSet()
  },
})

dataSetSuite({
  runner,
  name: 'reference data set, read-only',
  writable: false,
  create: (contents) => readOnlyReferenceDataSet(contents.map((bytes) => referenceDataElement(bytes))),
})

dataSetSuite({
  runner,
  name: 'memory-data-set',
  async create(contents) {
    const set = memoryDataSet({})
    await set.addMany([contents.map((bytes) => memoryDataElement(bytes))])
    return set
  },
  fromConfig,
})

let directory = ''
let folders = 0
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cbir-data-set-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

dataSetSuite({
  runner,
  name: 'file-tree',
  writable: false,
  async create(contents) {
    const root = join(directory, `${folders++}`)
    await mkdir(join(root, 'inner'), { recursive: true })
    for (const [i, bytes] of contents.entries()) await writeFile(join(root, i % 2 === 0 ? `${i}.bin` : `inner/${i}.bin`), bytes)
    return fileTree(root)
  },
  fromConfig,
})
