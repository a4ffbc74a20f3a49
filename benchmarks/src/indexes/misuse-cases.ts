// The mistakes that abort, crash or silently spoil the existing bindings, made with ours. Each must end in a typed error or in the right answer.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AnnoyIndex, Metric } from '@cbir/annoy-index/compat'
import type { ErrorCode, Items, Neighbours, VectorBatch } from '@cbir/core'
import { type AnyIndex, adapterOf, type Config } from './adapters.ts'
import { createSubject, items, numbers, SIZE, SUBJECTS, type Subject } from './subjects.ts'

const ROWS = 300
const K = 5

export interface MisuseCase {
  readonly id: string
  /** Codes of which one is due; none: the call must succeed, and `run` itself checks the answer. */
  readonly due: readonly ErrorCode[]
  /** @throws what the mistake gives; an Error that is not a CbirError where an answer is wrong */
  readonly run: () => Promise<void>
}

/** Every case, of every index. */
export function misuseCases(): MisuseCase[] {
  return [...SUBJECTS.flatMap((subject) => [...ofEvery(subject), ...ofBuffers(subject)]), ...ofHnsw(), ...ofFaiss(), ...ofAnnoy(), ...ofAnnoyClass()]
}

const query = (dimensions: number = SIZE): VectorBatch => ({ data: numbers(5, dimensions), count: 1, dimensions })

async function built(subject: Subject, config: Config = {}): Promise<AnyIndex> {
  const index = await createSubject(subject, config)
  await index.build([items(1, ROWS)])
  return index
}

function subjectOf(name: string): Subject {
  return SUBJECTS.find((subject) => subject.name === name)!
}

/** What every binding is asked wrongly in its own way, asked of each of ours. */
function ofEvery(subject: Subject): MisuseCase[] {
  const use = (what: string, due: readonly ErrorCode[], run: (index: AnyIndex) => Promise<unknown>): MisuseCase => ({
    id: `${subject.name}: ${what}`,
    due,
    async run() {
      const index = await built(subject)
      const before = await index.nearest(query(), K)
      await andThen(
        () => run(index),
        async () => {
          same(before, await index.nearest(query(), K), 'the index answers otherwise than before')
          await index.dispose()
        },
      )
    },
  })
  const withNumbers = (...values: readonly unknown[]): Items => {
    const vector = [...numbers(6, SIZE)] as unknown[]
    vector.splice(0, values.length, ...values)
    return { uids: ['new'], vectors: { data: vector as never, count: 1, dimensions: SIZE } }
  }
  const floats = (value: number): Items => {
    const data = numbers(6, SIZE)
    data[3] = value
    return { uids: ['new'], vectors: { data, count: 1, dimensions: SIZE } }
  }
  return [
    use('k = 0', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), 0)),
    use('k = −1', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), -1)),
    use('k = 1.5', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), 1.5)),
    use('k above the rows', [], async (index) => {
      const { uids } = await index.nearest(query(), ROWS + 100)
      if (uids.length !== ROWS || new Set(uids).size !== ROWS) throw new Error(`${uids.length} neighbours of ${ROWS} rows`)
    }),
    use('k = 2^40', [], async (index) => {
      const { uids } = await index.nearest(query(), 2 ** 40)
      if (uids.length !== ROWS) throw new Error(`${uids.length} neighbours of ${ROWS} rows`)
    }),
    use('a query too long', ['DIMENSION_MISMATCH'], (index) => index.nearest(query(SIZE + 1), K)),
    use('a query too short', ['DIMENSION_MISMATCH'], (index) => index.nearest(query(SIZE - 1), K)),
    use('fewer numbers than the batch says', ['INVALID_ARGUMENT', 'DIMENSION_MISMATCH'], (index) =>
      index.nearest({ data: numbers(1, SIZE), count: 2, dimensions: SIZE }, K),
    ),
    use('a query with NaN', ['NOT_FINITE'], (index) => index.nearest({ ...query(), data: new Float32Array(SIZE).fill(Number.NaN) }, K)),
    use('a query with Infinity', ['NOT_FINITE'], (index) =>
      index.nearest({ ...query(), data: new Float32Array(SIZE).fill(Number.POSITIVE_INFINITY) }, K),
    ),
    use('a query that is an array of strings', ['INVALID_ARGUMENT', 'DIMENSION_MISMATCH'], (index) =>
      index.nearest({ ...query(), data: Array.from({ length: SIZE }, () => 'a') as never }, K),
    ),
    use('a build with a string among the numbers', ['INVALID_ARGUMENT', 'DIMENSION_MISMATCH'], (index) => index.build([withNumbers('a')])),
    use('a build with NaN', ['NOT_FINITE'], (index) => index.build([floats(Number.NaN)])),
    use('a build with −Infinity', ['NOT_FINITE'], (index) => index.build([floats(Number.NEGATIVE_INFINITY)])),
    use('a build from nothing', ['EMPTY_BUILD'], (index) => index.build([])),
    use('a build with a uid twice', ['DUPLICATE_UID'], (index) => index.build([{ ...items(3, 2), uids: ['a', 'a'] }])),
    use('a build with numbers as uids', ['INVALID_ARGUMENT'], (index) => index.build([{ ...items(3, 2), uids: [-1, 2 ** 40] as never }])),
    use('a filter that throws', ['INVALID_ARGUMENT', 'SOURCE_FAILED', 'ADAPTER_FAULT'], (index) =>
      index.nearest(query(), K, {
        filter: () => {
          throw new Error('no')
        },
      }),
    ),
    use('a filter that is no function', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), K, { filter: 'a' as never })),
    use('a filter that gives no boolean', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), K, { filter: (() => 'yes') as never })),
    use('a filter that passes nothing', [], async (index) => {
      const { uids } = await index.nearest(query(), K, { filter: () => false })
      if (uids.length !== 0) throw new Error(`${uids.length} neighbours`)
    }),
    {
      id: `${subject.name}: a filter that changes the index`,
      due: [],
      async run() {
        const index = await built(subject)
        let changed: Promise<unknown> | undefined
        const { uids } = await index.nearest(query(), K, {
          filter: (uid) => {
            changed ??= index.build([items(9, ROWS, 'second-')]).catch((error: unknown) => error)
            return uid.length > 0
          },
        })
        const outcome = await changed
        if (uids.length !== K) throw new Error(`${uids.length} neighbours`)
        if (outcome instanceof Error) throw outcome
        const after = await index.nearest(query(), K)
        if (!after.uids.every((uid) => uid.startsWith('second-'))) throw new Error('the change was lost')
        await index.dispose()
      },
    },
    use('an unknown uid removed', ['UNKNOWN_UID', 'NOT_SUPPORTED'], async (index) => index.remove!(['nobody'])),
    use('a save to a path that cannot be', ['NOT_FOUND', 'IO_FAILED'], (index) => index.save!('/proc/nowhere/index')),
    use('a save to an empty path', ['INVALID_ARGUMENT', 'IO_FAILED'], (index) => index.save!('')),
    use('an unknown tuning', ['INVALID_ARGUMENT'], (index) => index.nearest(query(), K, { tuning: { nonsense: 1 } })),
    {
      id: `${subject.name}: a query of an index that was never built`,
      due: ['EMPTY_INDEX'],
      async run() {
        await (await createSubject(subject)).nearest(query(), K)
      },
    },
    {
      id: `${subject.name}: a save of an index that was never built`,
      due: ['EMPTY_INDEX', 'NOT_SUPPORTED'],
      async run() {
        await (await createSubject(subject)).save!(join(tmpdir(), 'never-written'))
      },
    },
    {
      id: `${subject.name}: dimension 0`,
      due: ['INVALID_ARGUMENT', 'DIMENSION_MISMATCH', 'INVALID_CONFIG'],
      async run() {
        const index = await createSubject(subject)
        await index.build([{ uids: ['a'], vectors: { data: new Float32Array(0), count: 1, dimensions: 0 } }])
      },
    },
    {
      id: `${subject.name}: a query after dispose`,
      due: ['DISPOSED'],
      async run() {
        const index = await built(subject)
        await index.dispose()
        await index.nearest(query(), K)
      },
    },
    {
      id: `${subject.name}: dispose while queries run`,
      due: [],
      async run() {
        const index = await built(subject)
        const queries = { data: numbers(8, 2000 * SIZE), count: 2000, dimensions: SIZE }
        const answers = Array.from({ length: 4 }, () => index.nearest(queries, K))
        await index.dispose()
        for (const { uids } of await Promise.all(answers)) if (uids.length !== 2000 * K) throw new Error(`${uids.length} neighbours`)
      },
    },
    {
      id: `${subject.name}: an unknown metric`,
      due: ['INVALID_CONFIG'],
      async run() {
        await adapterOf(subject.name).create({ ...subject.config, metric: 'chebyshev' })
      },
    },
    {
      id: `${subject.name}: a directory of another index`,
      due: ['CORRUPT_DATA', 'INVALID_CONFIG'],
      async run() {
        await inFolder(async (folder) => {
          const other = await built(SUBJECTS.find(({ name }) => name !== subject.name)!)
          await other.save!(join(folder, 'other'))
          await other.dispose()
          await createSubject(subject, { directory: join(folder, 'other') })
        })
      },
    },
    {
      id: `${subject.name}: distances are not squared`,
      due: [],
      async run() {
        const index = await built(subject)
        const { data } = items(1, ROWS).vectors
        const { uids, distances } = await index.nearest(query(), K)
        for (const [i, uid] of uids.entries()) {
          const from = Number(uid) * SIZE
          const squared = query().data.reduce((sum, x, d) => sum + (x - data[from + d]!) ** 2, 0)
          if (Math.abs(Math.sqrt(squared) - distances[i]!) > 1e-3) throw new Error(`${distances[i]} where ${Math.sqrt(squared)} is due`)
        }
        await index.dispose()
      },
    },
  ]
}

/** Of ES2024, which Node has and the types that we compile against have not. */
interface Resizable {
  resize(bytes: number): void
}

type ResizableConstructor = new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer

/** Buffers that the caller transfers, shrinks or rewrites as soon as a call has returned its promise: the answer is that of the buffer as it was. */
function ofBuffers(subject: Subject): MisuseCase[] {
  const changes: Readonly<Record<string, (buffer: ArrayBuffer) => void>> = {
    transferred: (buffer) => void structuredClone(buffer, { transfer: [buffer] }),
    shrunk: (buffer) => (buffer as unknown as Resizable).resize(0),
    rewritten: (buffer) => new Float32Array(buffer).fill(Number.NaN),
  }
  const resizable = (source: Float32Array): Float32Array<ArrayBuffer> => {
    const buffer = new (ArrayBuffer as unknown as ResizableConstructor)(source.byteLength, { maxByteLength: source.byteLength })
    const copy = new Float32Array(buffer)
    copy.set(source)
    return copy
  }
  return Object.entries(changes).flatMap(([what, change]): MisuseCase[] => [
    ...[1, 3000].map((count) => ({
      id: `${subject.name}: the queries of ${count === 1 ? 'one' : 'a large'} call ${what} while it runs`,
      due: [],
      async run(): Promise<void> {
        const index = await built(subject)
        const source = numbers(11, count * SIZE)
        const expected = await index.nearest({ data: source, count, dimensions: SIZE }, K)
        const data = resizable(source)
        const answer = index.nearest({ data, count, dimensions: SIZE }, K)
        change(data.buffer)
        same(expected, await answer, 'the answer is another one')
        await index.dispose()
      },
    })),
    {
      id: `${subject.name}: the batch of a build ${what} when the next is asked for`,
      due: [],
      async run() {
        const index = await createSubject(subject)
        await index.build(
          (function* () {
            for (let part = 0; part < 3; part++) {
              const { uids, vectors } = items(20 + part, ROWS, `${part}/`)
              const data = resizable(vectors.data)
              yield { uids, vectors: { ...vectors, data } }
              change(data.buffer)
            }
          })(),
        )
        for (let part = 0; part < 3; part++) {
          const { data } = items(20 + part, ROWS).vectors
          const { uids, distances } = await index.nearest({ data: data.subarray(0, SIZE), count: 1, dimensions: SIZE }, 1, {
            filter: (uid) => uid === `${part}/0`,
          })
          if (uids[0] !== `${part}/0` || distances[0]! > 1e-3) throw new Error(`row ${part}/0 is at ${distances[0]} from itself`)
        }
        await index.dispose()
      },
    },
    {
      id: `${subject.name}: the batch of an update ${what} while it runs`,
      // The array that is passed is a source, whose batch must stay until the next is asked for: what was changed meanwhile is taken or refused.
      due: ['NOT_FINITE', 'DIMENSION_MISMATCH', 'INVALID_ARGUMENT', 'NOT_SUPPORTED'],
      async run() {
        const index = await built(subject)
        const data = resizable(numbers(31, ROWS * SIZE))
        const updating = index.update!([{ uids: items(1, ROWS, 'new-').uids, vectors: { data, count: ROWS, dimensions: SIZE } }])
        change(data.buffer)
        const taken = async (): Promise<never> => {
          await updating
          throw new Accepted()
        }
        await andThen(taken, async () => {
          const { distances } = await index.nearest(query(), K)
          if (distances.some((distance) => Number.isNaN(distance))) throw new Error('NaN in an answer')
          await index.dispose()
        })
      },
    },
  ])
}

/** Thrown where a call that may be refused or taken was taken. */
export class Accepted extends Error {}

function ofHnsw(): MisuseCase[] {
  const subject = subjectOf('hnsw-index')
  return [
    { id: 'hnsw-index: M = 0', due: ['INVALID_CONFIG'], run: async () => void (await createSubject(subject, { M: 0 })) },
    { id: 'hnsw-index: M = 2^31', due: ['INVALID_CONFIG'], run: async () => void (await createSubject(subject, { M: 2 ** 31 })) },
    { id: 'hnsw-index: efConstruction = 0', due: ['INVALID_CONFIG'], run: async () => void (await createSubject(subject, { efConstruction: 0 })) },
    { id: 'hnsw-index: seed = −1', due: ['INVALID_CONFIG'], run: async () => void (await createSubject(subject, { seed: -1 })) },
    {
      id: 'hnsw-index: efSearch = 0',
      due: ['INVALID_ARGUMENT'],
      run: async () => void (await (await built(subject)).nearest(query(), K, { tuning: { efSearch: 0 } })),
    },
    ...ofFiles('hnsw-index', { metric: 'euclidean' }),
    {
      id: 'hnsw-index: a file of another dimension',
      due: ['DIMENSION_MISMATCH', 'CORRUPT_DATA'],
      run: () =>
        inFolder(async (folder) => {
          const index = await built(subject)
          const { writeHnswlibFile } = await import('@cbir/hnsw-index')
          await writeHnswlibFile(index as never, join(folder, 'file'))
          await adapterOf('hnsw-index').importFile!(join(folder, 'file'), { metric: 'euclidean', dimensions: 2 * SIZE })
        }),
    },
  ]
}

function ofFaiss(): MisuseCase[] {
  const create = (config: Config): Promise<AnyIndex> => adapterOf('faiss-index').create({ metric: 'euclidean', ...config })
  return [
    { id: 'faiss-index: a factory string of nonsense', due: ['INVALID_CONFIG'], run: async () => void (await create({ factory: 'Nonsense' })) },
    { id: 'faiss-index: an empty factory string', due: ['INVALID_CONFIG'], run: async () => void (await create({ factory: '' })) },
    {
      id: 'faiss-index: too few points to train on',
      due: ['INVALID_ARGUMENT'],
      async run() {
        const index = await create({ factory: 'IVF64,Flat' })
        await index.build([items(1, 20)])
      },
    },
    {
      id: 'faiss-index: PQ that does not divide the dimensions',
      due: ['INVALID_CONFIG', 'INVALID_ARGUMENT'],
      async run() {
        const index = await create({ factory: 'PQ5' })
        await index.build([items(1, ROWS)])
      },
    },
    {
      id: 'faiss-index: remove from HNSW',
      due: ['NOT_SUPPORTED'],
      async run() {
        const index = await create({ factory: 'HNSW8' })
        await index.build([items(1, ROWS)])
        await index.remove!(['1'])
      },
    },
    {
      id: 'faiss-index: range search in HNSW',
      due: ['NOT_SUPPORTED'],
      async run() {
        const index = await create({ factory: 'HNSW8' })
        await index.build([items(1, ROWS)])
        await index.within!(query(), 1)
      },
    },
    {
      id: 'faiss-index: an update before any training',
      due: ['INVALID_ARGUMENT'],
      async run() {
        const index = await create({ factory: 'IVF64,Flat' })
        await index.update!([items(1, 3)])
      },
    },
    {
      id: 'faiss-index: IDMap takes rows without ids',
      due: [],
      async run() {
        const index = await create({ factory: 'IDMap,Flat' })
        await index.build([items(1, ROWS)])
        const { uids } = await index.nearest(query(), K)
        if (uids.length !== K) throw new Error(`${uids.length} neighbours`)
      },
    },
    {
      id: 'faiss-index: nprobe = 0',
      due: ['INVALID_ARGUMENT'],
      run: async () => void (await (await built(subjectOf('faiss-index'))).nearest(query(), K, { tuning: { nprobe: 0 } })),
    },
    {
      id: 'faiss-index: a file written to a path that cannot be',
      due: ['NOT_FOUND', 'IO_FAILED'],
      async run() {
        const { writeFaissFile } = await import('@cbir/faiss-index')
        await writeFaissFile((await built(subjectOf('faiss-index'))) as never, '/proc/nowhere/file')
      },
    },
    ...ofFiles('faiss-index', {}),
  ]
}

function ofAnnoy(): MisuseCase[] {
  const subject = subjectOf('annoy-index')
  return [
    { id: 'annoy-index: no trees', due: ['INVALID_CONFIG'], run: async () => void (await createSubject(subject, { trees: 0 })) },
    {
      id: 'annoy-index: searchK = 0',
      due: ['INVALID_ARGUMENT'],
      run: async () => void (await (await built(subject)).nearest(query(), K, { tuning: { searchK: 0 } })),
    },
    ...ofFiles('annoy-index', { metric: 'euclidean', dimensions: SIZE }),
  ]
}

/** Files that are not there, or not what they should be. */
function ofFiles(name: string, config: Config): MisuseCase[] {
  const open = (file: string): Promise<AnyIndex> => adapterOf(name).importFile!(file, config)
  const given = (content: Uint8Array) => (): Promise<void> =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'file'), content)
      await open(join(folder, 'file'))
    })
  return [
    {
      id: `${name}: a file that is not there`,
      due: ['NOT_FOUND', 'IO_FAILED'],
      run: () => inFolder(async (folder) => void (await open(join(folder, 'nothing')))),
    },
    {
      id: `${name}: a file that is a folder`,
      due: ['IO_FAILED', 'CORRUPT_DATA', 'NOT_FOUND'],
      run: () => inFolder(async (folder) => void (await open(folder))),
    },
    { id: `${name}: an empty file`, due: ['CORRUPT_DATA'], run: given(new Uint8Array(0)) },
    { id: `${name}: a file of noise`, due: ['CORRUPT_DATA', 'NOT_SUPPORTED', 'INVALID_CONFIG'], run: given(new Uint8Array(numbers(3, 5000).buffer)) },
    { id: `${name}: a path that is no string`, due: ['INVALID_ARGUMENT'], run: async () => void (await open(7 as never)) },
  ]
}

/** The class that has annoy-node's names, whose model crashes on most of these. */
function ofAnnoyClass(): MisuseCase[] {
  const withTrees = (): AnnoyIndex => {
    const annoy = new AnnoyIndex(SIZE, Metric.EUCLIDEAN)
    const { data } = items(1, ROWS).vectors
    for (let i = 0; i < ROWS; i++) annoy.addItem(i, Float64Array.from(data.subarray(i * SIZE, (i + 1) * SIZE)))
    annoy.build(5)
    return annoy
  }
  const use = (what: string, due: readonly ErrorCode[], run: (annoy: AnnoyIndex) => void): MisuseCase => ({
    id: `AnnoyIndex: ${what}`,
    due,
    async run() {
      await andThen(
        async () => run(withTrees()),
        async () => {
          const { neighbours } = withTrees().get_nns_by_item(0, K)
          if (neighbours[0] !== 0) throw new Error(`the nearest of item 0 is ${neighbours[0]}`)
        },
      )
    },
  })
  const vector = (length = SIZE): Float64Array => Float64Array.from(numbers(5, length))
  return [
    use('a vector too long', ['DIMENSION_MISMATCH'], (annoy) => void annoy.get_nns_by_vector(vector(SIZE + 1), K)),
    use('a vector too short', ['DIMENSION_MISMATCH'], (annoy) => void annoy.get_nns_by_vector(vector(SIZE - 1), K)),
    use('a vector with NaN', ['NOT_FINITE'], (annoy) => void annoy.get_nns_by_vector(vector().fill(Number.NaN), K)),
    use('a vector that is an array', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_vector([...vector()] as never, K)),
    use('n = 0', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_vector(vector(), 0)),
    use('n = −1', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_vector(vector(), -1)),
    use('n above the items', [], (annoy) => {
      const { neighbours } = annoy.get_nns_by_vector(vector(), ROWS + 50)
      if (neighbours.some((item) => item < 0 || item >= ROWS) || new Set(neighbours).size !== neighbours.length) throw new Error('ids that are none')
    }),
    use('item −1', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_item(-1, K)),
    use('item 2^40', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_item(2 ** 40, K)),
    use('an item that is not there', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_nns_by_item(ROWS, K)),
    use('a distance to an item that is not there', ['INVALID_ARGUMENT'], (annoy) => void annoy.get_distance(0, ROWS)),
    use('an item added after the build', ['READ_ONLY'], (annoy) => annoy.addItem(ROWS, vector())),
    use('built twice', ['READ_ONLY'], (annoy) => annoy.build(5)),
    use('a file that is not there, then a query', ['NOT_FOUND'], (annoy) => {
      try {
        annoy.load(join(tmpdir(), 'there-is-no-such-file.ann'))
      } finally {
        annoy.get_nns_by_vector(vector(), K)
      }
    }),
    use('saved to a path that cannot be', ['IO_FAILED'], (annoy) => annoy.save('/proc/nowhere/file')),
    use('a query after unload', ['EMPTY_INDEX'], (annoy) => {
      annoy.unload()
      annoy.get_nns_by_vector(vector(), K)
    }),
    {
      id: 'AnnoyIndex: a query of an index without trees',
      due: ['EMPTY_INDEX'],
      async run() {
        const annoy = new AnnoyIndex(SIZE, Metric.ANGULAR)
        annoy.addItem(0, vector())
        annoy.get_nns_by_vector(vector(), K)
      },
    },
    {
      id: 'AnnoyIndex: built without an item',
      due: ['EMPTY_BUILD'],
      async run() {
        new AnnoyIndex(SIZE, Metric.ANGULAR).build(5)
      },
    },
    {
      id: 'AnnoyIndex: item −1 added',
      due: ['INVALID_ARGUMENT'],
      async run() {
        new AnnoyIndex(SIZE, Metric.ANGULAR).addItem(-1, vector())
      },
    },
    {
      id: 'AnnoyIndex: a metric that is none',
      due: ['INVALID_ARGUMENT'],
      async run() {
        new AnnoyIndex(SIZE, 9 as never)
      },
    },
    {
      id: 'AnnoyIndex: no arguments',
      due: ['INVALID_ARGUMENT'],
      async run() {
        ;new (AnnoyIndex as unknown as new () => AnnoyIndex)()
      },
    },
    {
      id: 'AnnoyIndex: dimension 0',
      due: ['INVALID_ARGUMENT'],
      async run() {
        new AnnoyIndex(0, Metric.EUCLIDEAN)
      },
    },
  ]
}

/** Does the second thing also where the first throws, and then throws what it threw. */
async function andThen(first: () => Promise<unknown>, second: () => Promise<void>): Promise<void> {
  const outcome = await first().then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  await second()
  if (outcome) throw outcome.error
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-misuse-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function same(a: Neighbours, b: Neighbours, otherwise: string): void {
  const equal = a.uids.length === b.uids.length && a.uids.every((uid, i) => uid === b.uids[i]) && a.distances.every((x, i) => x === b.distances[i])
  if (!equal) throw new Error(otherwise)
}
