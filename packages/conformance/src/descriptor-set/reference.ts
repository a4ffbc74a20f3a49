// The reference descriptor set: a Map that is replaced, not changed, so an iteration keeps the one that it began with.

import type { Attributes, DescriptorElement, DescriptorItems, DescriptorSet } from '@cbir/core'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { applied, checkSignal, mapInTurns, raise, trackCalls } from '../framework/reference-tools.ts'
import { checkVectors, takeVectors } from '../framework/reference-vectors.ts'

const FILE = 'reference-descriptor-set.json'

interface Stored {
  readonly vector: Float32Array
  readonly attributes: Attributes | undefined
}

/** Makes a reference set. With `directory` it keeps itself there, and must be opened with {@link openReferenceDescriptorSet}. */
export function referenceDescriptorSet(
  { directory, readOnly = false }: { directory?: string | undefined; readOnly?: boolean | undefined } = {},
  stored: Iterable<readonly [string, Stored]> = [],
): DescriptorSet {
  let held: ReadonlyMap<string, Stored> = new Map(stored)
  const calls = trackCalls()

  const writable = (): void => {
    if (readOnly) raise('READ_ONLY', 'the set is read-only')
  }
  async function keep(next: ReadonlyMap<string, Stored>): Promise<void> {
    held = next
    if (directory === undefined) return
    const rows = [...next].map(([uid, { vector, attributes }]) => [uid, [...vector], attributes ?? null])
    await writeCheckedFile(directory, FILE, rows as never)
  }
  function find(uids: readonly string[]): Stored[] {
    const missing = uids.filter((uid) => !held.has(uid))
    if (missing.length > 0) raise('UNKNOWN_UID', `not in the set: ${missing.join(', ')}`, { uids: missing })
    return uids.map((uid) => held.get(uid)!)
  }

  const set: DescriptorSet = {
    kind: 'descriptor-set',
    name: 'reference-descriptor-set',
    apiVersion: 1,
    readOnly,
    toConfig: () => ({ type: 'reference-descriptor-set', package: '@cbir/conformance', config: {} }),
    count: ({ signal } = {}) => calls.run(signal, () => held.size),
    hasMany: (uids, { signal } = {}) => calls.run(signal, () => Uint8Array.from(takeUids(uids), (uid) => Number(held.has(uid)))),
    dimensionsOf: (uid, { signal } = {}) => calls.run(signal, () => find(takeUids([uid]))[0]!.vector.length),
    getAttributes: (uids, { signal } = {}) => calls.run(signal, () => find(takeUids(uids)).map(({ attributes }) => attributes && { ...attributes })),
    getMany: (uids, { signal } = {}) =>
      calls.run(signal, () => {
        const names = takeUids(uids)
        find(names)
        return names.map((uid) => elementOf(set, uid))
      }),
    getVectors: (uids, into, { signal } = {}) =>
      calls.run(signal, async () => {
        const rows = find(takeUids(uids))
        const dimensions = rows[0]?.vector.length ?? 0
        if (rows.some(({ vector }) => vector.length !== dimensions)) raise('DIMENSION_MISMATCH', 'the vectors differ in length')
        if (!(into instanceof Float32Array) || into.length < rows.length * dimensions) raise('INVALID_ARGUMENT', 'into is too small')
        await mapInTurns(rows, ({ vector }, i) => into.set(vector, i * dimensions), signal)
        return dimensions
      }),
    addMany: (source, options = {}) =>
      calls.run(options.signal, () => {
        writable()
        const write = async (rows: [string, Stored][]): Promise<number> => {
          await keep(new Map([...held, ...rows]))
          return rows.length
        }
        return applied(source, takeRows, write, options)
      }),
    removeMany: (uids, { signal } = {}) =>
      calls.run(signal, async () => {
        writable()
        const names = new Set(distinct(takeUids(uids)))
        find([...names])
        await keep(new Map([...held].filter(([uid]) => !names.has(uid))))
      }),
    clear: ({ signal } = {}) =>
      calls.run(signal, async () => {
        writable()
        await keep(new Map())
      }),
    async *items({ batchSize = 1024, signal } = {}) {
      if (!Number.isInteger(batchSize) || batchSize < 1) raise('INVALID_ARGUMENT', 'batchSize must be a positive integer')
      const rows = await calls.run(signal, () => [...held])
      for (let from = 0; from < rows.length; ) {
        checkSignal(signal)
        const dimensions = rows[from]![1].vector.length
        const other = rows.findIndex(([, { vector }], i) => i > from && (i >= from + batchSize || vector.length !== dimensions))
        const batch = rows.slice(from, other < 0 ? from + batchSize : other)
        const data = new Float32Array(batch.length * dimensions)
        for (const [i, [, { vector }]] of batch.entries()) data.set(vector, i * dimensions)
        const attributes = batch.map(([, row]) => row.attributes && { ...row.attributes })
        yield { uids: batch.map(([uid]) => uid), vectors: { data, count: batch.length, dimensions }, attributes }
        from += batch.length
      }
    },
    dispose: () => calls.dispose(),
  }
  return set
}

/** Opens the reference set that `directory` holds, or an empty one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceDescriptorSet(directory: string): Promise<DescriptorSet> {
  const rows = ((await readCheckedFile(directory, FILE)) as [string, number[], Attributes | null][] | undefined) ?? []
  const stored = rows.map(([uid, vector, attributes]) => [uid, { vector: Float32Array.from(vector), attributes: attributes ?? undefined }] as const)
  return referenceDescriptorSet({ directory }, stored)
}

/** An element that reads and writes the set. */
function elementOf(set: DescriptorSet, uid: string): DescriptorElement {
  const hasVector = async (): Promise<boolean> => (await set.hasMany([uid]))[0] === 1
  return {
    kind: 'descriptor-element',
    name: set.name,
    apiVersion: 1,
    type: set.name,
    uid,
    toConfig: () => raise('NOT_SERIALIZABLE', 'an element of a set is no component of its own'),
    hasVector,
    async vector() {
      if (!(await hasVector())) raise('NO_VECTOR', `${uid} has no vector`)
      const into = new Float32Array(await set.dimensionsOf(uid))
      await set.getVectors([uid], into)
      return into
    },
    async setVector(vector) {
      if (vector) await set.addMany([{ uids: [uid], vectors: { data: vector, count: 1, dimensions: vector.length } }])
      else if (await hasVector()) await set.removeMany([uid])
    },
  }
}

function takeUids(uids: readonly string[]): string[] {
  if (!Array.isArray(uids)) raise('INVALID_ARGUMENT', 'uids must be a list')
  if (uids.some((uid) => typeof uid !== 'string' || uid === '')) raise('INVALID_ARGUMENT', 'a uid must be a string that is not empty')
  return [...uids]
}

function distinct(uids: string[]): string[] {
  const twice = uids.find((uid, i) => uids.indexOf(uid) < i)
  if (twice !== undefined) raise('DUPLICATE_UID', `${twice} is given twice`, { uids: [twice] })
  return uids
}

function takeRows({ uids, vectors, attributes }: DescriptorItems): [string, Stored][] {
  const batch = takeVectors(vectors)
  const names = takeUids(uids)
  if (names.length !== batch.count) raise('INVALID_ARGUMENT', 'there must be one uid for each vector')
  if (new Set(names).size < names.length) distinct(names)
  if (attributes !== undefined && attributes.length !== names.length)
    raise('INVALID_ARGUMENT', 'there must be one entry of attributes for each vector')
  checkVectors(batch)
  return names.map((uid, i) => {
    const vector = batch.data.slice(i * batch.dimensions, (i + 1) * batch.dimensions)
    return [uid, { vector, attributes: takeAttributes(attributes?.[i]) }]
  })
}

function takeAttributes(attributes: Attributes | undefined): Attributes | undefined {
  if (attributes === undefined) return undefined
  if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes)) raise('INVALID_ARGUMENT', 'attributes must be an object')
  for (const value of Object.values(attributes)) {
    const fits = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
    if (!fits) raise('INVALID_ARGUMENT', 'attributes must be strings, finite numbers, booleans or null')
  }
  return { ...attributes }
}
