// The reference data set: a Map from uuid to element that is replaced, not changed, so an iteration keeps the one that it began with.

import type { CallOptions, DataElement, DataSet } from '@cbir/core'
import { applied, checkSignal, raise, trackCalls } from '../framework/reference-tools.ts'

/** Makes a reference data set without elements. */
export function referenceDataSet(): DataSet {
  return dataSetOf(new Map(), false)
}

/** Makes a read-only reference data set of these elements. */
export async function readOnlyReferenceDataSet(elements: readonly DataElement[]): Promise<DataSet> {
  return dataSetOf(new Map(await entriesOf(elements)), true)
}

function dataSetOf(elements: ReadonlyMap<string, DataElement>, readOnly: boolean): DataSet {
  let held = elements
  const calls = trackCalls()

  async function* each({ signal }: CallOptions = {}): AsyncGenerator<[string, DataElement], void, undefined> {
    const now = await calls.run(signal, () => held)
    for (const entry of now) {
      checkSignal(signal)
      yield entry
    }
  }

  return {
    kind: 'data-set',
    name: 'reference-data-set',
    apiVersion: 1,
    readOnly,
    toConfig: () => ({ type: 'reference-data-set', package: '@cbir/conformance', config: {} }),
    count: ({ signal } = {}) => calls.run(signal, () => held.size),
    hasMany: (uuids, { signal } = {}) => calls.run(signal, () => Uint8Array.from(uuidsOf(uuids), (uuid) => Number(held.has(uuid)))),
    getMany: (uuids, { signal } = {}) =>
      calls.run(signal, () => {
        const asked = uuidsOf(uuids)
        const missing = asked.filter((uuid) => !held.has(uuid))
        if (missing.length > 0) raise('UNKNOWN_UID', `not in the set: ${missing.join(', ')}`, { uids: missing })
        return asked.map((uuid) => held.get(uuid)!)
      }),
    addMany: (source, options = {}) =>
      calls.run(options.signal, () => {
        if (readOnly) raise('READ_ONLY', 'the set is read-only')
        const write = async (batch: DataElement[]): Promise<number> => {
          const entries = await entriesOf(batch)
          held = new Map([...held, ...entries])
          return batch.length
        }
        return applied(source, elementsOf, write, options)
      }),
    async *elements(options) {
      for await (const [, element] of each(options)) yield element
    },
    async *uuids(options) {
      for await (const [uuid] of each(options)) yield uuid
    },
    dispose: () => calls.dispose(),
  }
}

function uuidsOf(uuids: readonly string[]): string[] {
  if (typeof uuids !== 'object' || uuids === null) raise('INVALID_ARGUMENT', 'uuids must be a list')
  const list = [...uuids]
  for (const uuid of list) if (typeof uuid !== 'string' || uuid === '') raise('INVALID_ARGUMENT', 'a uuid must be a string that is not empty')
  return list
}

function elementsOf(batch: readonly DataElement[]): DataElement[] {
  if (!Array.isArray(batch)) return raise('INVALID_ARGUMENT', 'a batch must be an array of elements')
  for (const element of batch) if (typeof element?.uuid !== 'function') raise('INVALID_ARGUMENT', 'a batch must hold data elements')
  return [...batch]
}

async function entriesOf(elements: readonly DataElement[]): Promise<[string, DataElement][]> {
  const entries: [string, DataElement][] = []
  for (const element of elements) entries.push([await element.uuid(), element])
  return entries
}
