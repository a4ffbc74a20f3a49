// defineDescriptorSet: an adapter stores rows; core makes the checks, holds the lock, and derives the rest.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { applyBatches } from '../concurrency/apply-batches.ts'
import { type Guard, guardCalls } from '../concurrency/guard.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { readOnlyError } from '../errors/read-only.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { copyItems } from '../vectors/items-reader.ts'
import { checkFinite } from '../vectors/private-copy.ts'
import { unknownUidError } from '../vectors/uids.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { Attributes, DescriptorItems, DescriptorSet } from './descriptor-set.ts'
import { descriptorSetElement } from './descriptor-set-element.ts'

type Now<T> = Promise<T> | T

/** A part of everything, and where the next part begins: `next` is undefined at the end. */
export interface DescriptorPage<Cursor> {
  readonly items: DescriptorItems
  readonly next: Cursor | undefined
}

/**
 * What an adapter writes. Core calls the reading methods together and each writing method alone, and never after `close`. All uids that it
 * passes are non-empty strings. What a method throws that is not a `CbirError` becomes `IO_FAILED`.
 *
 * `Cursor` is a place in the order of insertion, of the adapter's own making.
 */
export interface DescriptorSetDriver<Cursor = unknown> {
  /** The writing methods may be left out by a set that is `readOnly`. */
  readonly readOnly?: boolean | undefined
  count(): Now<number>
  /** Numbers in the vector of each uid, `0` where the set does not have it. Uids may repeat. */
  dimensionsOf(uids: readonly string[], options: CallOptions): Now<Uint32Array>
  /** Writes the vectors to the rows of `into`. The set has them all, all of `dimensions` numbers; `into` is long enough. Uids may repeat. */
  read(uids: readonly string[], into: Float32Array, dimensions: number, options: CallOptions): Now<void>
  /** The attributes of uids that the set has. */
  attributes(uids: readonly string[], options: CallOptions): Now<(Attributes | undefined)[]>
  /**
   * At most `limit` rows from `cursor` on (undefined: from the beginning), all of the same dimensions, at least one where there are any; a new
   * array. It must make sense of a cursor after the set was changed.
   */
  page(cursor: Cursor | undefined, limit: number, options: CallOptions): Now<DescriptorPage<Cursor>>
  /** Writes a batch, or throws and leaves the set as it was. It holds one row or more, no uid twice, and stays unchanged until this is done. */
  write?(items: DescriptorItems, options: CallOptions): Now<void>
  /** Removes uids that the set has, none twice. */
  remove?(uids: readonly string[], options: CallOptions): Now<void>
  clear?(options: CallOptions): Now<void>
  close?(): Now<void>
}

/** A `DescriptorSet` from a driver. */
export function defineDescriptorSet<Cursor>(identity: Identity, driver: DescriptorSetDriver<Cursor>): DescriptorSet {
  const component = describeComponent('descriptor-set', identity)
  const { name } = component
  const guard: Guard = guardCalls(name, 'IO_FAILED')
  const readOnly = driver.readOnly ?? false

  /** The dimensions of uids, all of which must be there. */
  async function locate(uids: readonly string[], options: CallOptions): Promise<Uint32Array> {
    await checkUids(uids, false, options.signal)
    const dimensions = await driver.dimensionsOf(uids, options)
    if (dimensions.includes(0)) {
      throw unknownUidError(
        name,
        uids.filter((_, i) => dimensions[i] === 0),
      )
    }
    return dimensions
  }

  function writable<K extends 'write' | 'remove' | 'clear'>(method: K): NonNullable<DescriptorSetDriver<Cursor>[K]> {
    const found = driver[method]
    if (readOnly || !found) throw readOnlyError(name)
    return found.bind(driver) as NonNullable<DescriptorSetDriver<Cursor>[K]>
  }

  const set: DescriptorSet = {
    ...component,
    readOnly,
    count: (options = {}) => guard.read(() => driver.count(), options.signal),

    async hasMany(uids, options = {}) {
      const asked = copyUids(uids)
      return guard.read(async () => {
        await checkUids(asked, false, options.signal)
        return Uint8Array.from(await driver.dimensionsOf(asked, options), (dimensions) => (dimensions > 0 ? 1 : 0))
      }, options.signal)
    },

    addMany(source, options = {}) {
      return guard.hold(() => {
        const write = writable('write')
        const apply = async (batch: DescriptorItems): Promise<number> => {
          const { uids, vectors } = batch
          await checkUids(uids, true, options.signal)
          await checkFinite(vectors, (row) => `The vector of ${JSON.stringify(uids[row])}`)
          if (uids.length > 0) await guard.exclude(() => write(batch, options), options.signal)
          return uids.length
        }
        return applyBatches(source, copyBatch, apply, options)
      }, options.signal)
    },

    async getVectors(uids, into, options = {}) {
      const asked = copyUids(uids)
      return guard.read(async () => {
        const dimensions = await locate(asked, options)
        const wanted = dimensions[0] ?? 0
        const other = dimensions.findIndex((d) => d !== wanted)
        if (other > 0) {
          throw new CbirError(
            'DIMENSION_MISMATCH',
            `The vector of ${JSON.stringify(asked[other])} has ${dimensions[other]} numbers, that of ${JSON.stringify(asked[0])} ${wanted}. ` +
              'Ask for vectors of equal length in one call.',
          )
        }
        const needed = asked.length * wanted
        if (describeType(into) !== 'Float32Array' || into.length < needed) {
          throw new CbirError(
            'INVALID_ARGUMENT',
            `into must be a Float32Array of at least ${asked.length} × ${wanted} = ${needed} numbers, got ${describeType(into)} of ${into?.length}.`,
          )
        }
        if (needed > 0) await driver.read(asked, into, wanted, options)
        return wanted
      }, options.signal)
    },

    dimensionsOf: (uid, options = {}) => guard.read(async () => (await locate([uid], options))[0]!, options.signal),

    async getAttributes(uids, options = {}) {
      const asked = copyUids(uids)
      return guard.read(async () => {
        await locate(asked, options)
        return driver.attributes(asked, options)
      }, options.signal)
    },

    async getMany(uids, options = {}) {
      const asked = copyUids(uids)
      await guard.read(() => locate(asked, options), options.signal)
      return asked.map((uid) => descriptorSetElement(set, name, uid))
    },

    async removeMany(uids, options = {}) {
      const asked = copyUids(uids)
      return guard.write(async () => {
        const remove = writable('remove')
        await checkUids(asked, true, options.signal)
        await locate(asked, options)
        if (asked.length > 0) await remove(asked, options)
      }, options.signal)
    },

    clear: (options = {}) => guard.write(() => writable('clear')(options), options.signal),

    async *items({ batchSize = 1024, ...options } = {}) {
      checkPositiveInteger(batchSize, 'batchSize')
      let cursor: Cursor | undefined
      do {
        const from = cursor
        const page = await guard.read(() => driver.page(from, batchSize, options), options.signal)
        if (page.items.uids.length > 0) yield page.items
        cursor = page.next
      } while (cursor !== undefined)
    },

    dispose: () => guard.dispose(() => driver.close?.()),
  }
  return set
}

/** A batch that the caller can no longer change, checked in shape. @throws CbirError INVALID_ARGUMENT, NO_VECTOR */
function copyBatch(batch: DescriptorItems): DescriptorItems {
  const { uids, vectors } = copyItems(batch)
  const { attributes } = batch
  if (attributes === undefined) return { uids, vectors }
  if (!Array.isArray(attributes) || attributes.length !== uids.length) {
    throw new CbirError('INVALID_ARGUMENT', `attributes must be an array with one entry a row (${uids.length}); an entry may be undefined.`)
  }
  return { uids, vectors, attributes: attributes.map(copyAttributes) }
}

/** A frozen copy. @throws CbirError INVALID_ARGUMENT for what is not a flat object of JSON values */
function copyAttributes(attributes: Attributes | undefined, row: number): Attributes | undefined {
  if (attributes === undefined) return undefined
  if (describeType(attributes) !== 'Object') {
    throw new CbirError('INVALID_ARGUMENT', `attributes[${row}] must be an object, got ${describeType(attributes)}.`)
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) continue
    const got = typeof value === 'number' ? value : describeType(value)
    throw new CbirError('INVALID_ARGUMENT', `attributes[${row}].${key} must be a string, a finite number, a boolean or null, got ${got}.`)
  }
  return Object.freeze({ ...attributes })
}
