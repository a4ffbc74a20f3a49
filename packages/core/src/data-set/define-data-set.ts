// defineDataSet: an adapter finds and keeps elements; core makes the checks and holds the lock.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { applyBatches } from '../concurrency/apply-batches.ts'
import { guardCalls } from '../concurrency/guard.ts'
import type { DataElement } from '../data-element/data-element.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { readOnlyError } from '../errors/read-only.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import { unknownUidError } from '../vectors/uids.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { DataSet } from './data-set.ts'

type Now<T> = Promise<T> | T

/**
 * What an adapter writes. Core calls the reading methods together and `write` alone, and never after `close`. What a method throws that is not
 * a `CbirError` becomes `IO_FAILED` (while `elements` is read: `SOURCE_FAILED`).
 */
export interface DataSetDriver {
  count(options: CallOptions): Now<number>
  /** The elements, undefined where there is none. Uuids may repeat. */
  get(uuids: readonly string[], options: CallOptions): Now<(DataElement | undefined)[]>
  /** Every element. The set may be changed while this is read. */
  elements(options: CallOptions): Source<DataElement>
  /** Keeps a batch, `uuids[i]` being the uuid of `elements[i]`, or throws and changes nothing. Absent: the set is read-only. */
  write?(uuids: readonly string[], elements: readonly DataElement[], options: CallOptions): Now<void>
  close?(): Now<void>
}

/** A `DataSet` from a driver. */
export function defineDataSet(identity: Identity, driver: DataSetDriver): DataSet {
  const component = describeComponent('data-set', identity)
  const { name } = component
  const guard = guardCalls(name, 'IO_FAILED')

  async function* elements(options: CallOptions = {}): AsyncGenerator<DataElement, void, undefined> {
    const source = await guard.read(() => driver.elements(options), options.signal)
    for await (const element of pull(source, (value) => value, options.signal)) {
      await guard.read(() => undefined, options.signal) // refuses after dispose
      yield element
    }
  }

  async function lookUp(uuids: readonly string[], options: CallOptions): Promise<(DataElement | undefined)[]> {
    await checkUids(uuids, false, options.signal)
    return driver.get(uuids, options)
  }

  return {
    ...component,
    readOnly: !driver.write,
    count: (options = {}) => guard.read(() => driver.count(options), options.signal),

    async hasMany(uuids, options = {}) {
      const asked = copyUids(uuids)
      return guard.read(async () => Uint8Array.from(await lookUp(asked, options), (element) => (element ? 1 : 0)), options.signal)
    },

    async getMany(uuids, options = {}) {
      const asked = copyUids(uuids)
      return guard.read(async () => {
        const found = await lookUp(asked, options)
        const missing = asked.filter((_, i) => !found[i])
        if (missing.length > 0) throw unknownUidError(name, missing)
        return found as DataElement[]
      }, options.signal)
    },

    addMany(source, options = {}) {
      return guard.hold(() => {
        if (!driver.write) throw readOnlyError(name)
        const apply = async (batch: DataElement[]): Promise<number> => {
          const uuids: string[] = []
          for (const element of batch) uuids.push(await element.uuid(options))
          if (batch.length > 0) await guard.exclude(() => driver.write?.(uuids, batch, options), options.signal)
          return batch.length
        }
        return applyBatches(source, copyElements, apply, options)
      }, options.signal)
    },

    elements,

    async *uuids(options = {}) {
      const seen = new Set<string>()
      for await (const element of elements(options)) {
        const uuid = await element.uuid(options)
        if (seen.has(uuid)) continue
        seen.add(uuid)
        yield uuid
      }
    },

    dispose: () => guard.dispose(() => driver.close?.()),
  }
}

/** The caller's batch as an array of our own. @throws CbirError INVALID_ARGUMENT */
function copyElements(batch: readonly DataElement[]): DataElement[] {
  if (!Array.isArray(batch)) {
    throw new CbirError('INVALID_ARGUMENT', `A batch must be an array of data elements, got ${describeType(batch)}. Put a single element into one.`)
  }
  return batch.map((element: Partial<DataElement> | null, i) => {
    if (typeof element === 'object' && element !== null && typeof element.uuid === 'function') return element as DataElement
    throw new CbirError('INVALID_ARGUMENT', `Element ${i} of a batch is no data element. Make one, e.g. with memoryDataElement(bytes).`)
  })
}
