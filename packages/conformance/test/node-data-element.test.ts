// The suite on core's elements that need Node and cannot be written: behind a URL, and a file that is to stay as it is.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataElementSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { type ComponentConfig, createRegistry, type DataElement } from '@cbir/core'
import { fileDataElement, fileDataElementPlugin, urlDataElement, urlDataElementPlugin } from '@cbir/core/node'
import { afterAll } from 'vitest'

const registry = createRegistry([urlDataElementPlugin, fileDataElementPlugin])
const fromConfig = (config: ComponentConfig): Promise<DataElement> => registry.fromConfig(config, 'data-element')

/** What the server has, by path. */
const contents = new Map<string, Uint8Array>()
const server = createServer(({ url = '' }, response) => {
  const bytes = contents.get(url)
  if (bytes) response.end(bytes)
  else response.writeHead(404).end()
})
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

dataElementSuite({
  runner,
  name: 'url-data-element',
  writable: false,
  create(bytes) {
    const path = `/${contents.size}`
    contents.set(path, bytes.slice())
    return urlDataElement(base + path)
  },
  createMissing: () => urlDataElement(`${base}/nothing`),
  fromConfig,
})

const directory = await mkdtemp(join(tmpdir(), 'cbir-node-data-element-'))
afterAll(() => rm(directory, { recursive: true }))
let files = 0

dataElementSuite({
  runner,
  name: 'file-data-element, read-only',
  writable: false,
  async create(bytes) {
    const path = join(directory, `${files++}.bin`)
    await writeFile(path, bytes)
    return fileDataElement(path, { readOnly: true })
  },
  createMissing: () => fileDataElement(join(directory, 'nothing'), { readOnly: true }),
  fromConfig,
})
