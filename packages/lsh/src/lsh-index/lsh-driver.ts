// The driver of the LSH index: what core asks, put to the parts.

import { type BitBatch, type CallOptions, CbirError, supports, type VectorBatch } from '@cbir/core'
import type { DenseRowsDriver, SavedShape, WriteOptions } from '@cbir/core/define'
import { calibrate } from './calibration.ts'
import { CandidateSearch } from './candidate-search.ts'
import { CodeRows } from './code-rows.ts'
import { checkFunctor } from './functor-check.ts'
import { readFunctorModel, writeFunctorModel } from './functor-model.ts'
import { type LshIndexConfig, MOST } from './lsh-config.ts'
import { readState, writeState } from './lsh-files.ts'
import { canAdd, canRemove, hashVectors, type LshParts } from './lsh-parts.ts'
import type { LshRows } from './lsh-rows.ts'
import type { RerankEngine } from './rerank-engine.ts'
import { SharedContent } from './shared-content.ts'
import { checkStored, SET_BATCH } from './stored-vectors.ts'

/** Numbers that are hashed in one call. */
const HASH_NUMBERS = 1 << 18
/** Rows times so many and more since the last calibration: it is made anew. */
const GROWTH = 2

/** What an index takes over instead of making it: the codes of the rows of the next build, which its stores have already. */
export interface AdoptedCodes {
  readonly codes: BitBatch
}

export interface LshDriver extends DenseRowsDriver<LshRows> {
  /** Set while the index takes over what its stores hold: the next build brings their vectors in the order of these codes. */
  adopted: AdoptedCodes | undefined
}

export function lshDriver(config: LshIndexConfig, parts: LshParts, engine: RerankEngine): LshDriver {
  const { functor, hashIndex, descriptorSet, hashToUids } = parts
  const named = descriptorSet !== undefined || hashToUids !== undefined
  const shared = new SharedContent(parts, engine)
  const search = new CandidateSearch(parts, engine, config)
  let training: Promise<void> | undefined

  const open = (dimensions: number): LshRows => ({
    dimensions,
    phase: 'building',
    vectors: engine.rows(dimensions),
    codes: new CodeRows(functor.bits),
    uids: named ? [] : undefined,
    calibration: undefined,
  })

  /** Trains a functor that has no model yet, on the rows of a build. */
  async function train(state: LshRows, signal: AbortSignal | undefined): Promise<void> {
    await training?.catch(() => {})
    if (functor.hasModel) return
    if (driver.adopted || !supports(functor, 'fit')) {
      throw new CbirError('NOT_TRAINED', `${functor.name} has no model, and cannot be trained here. Give the index one that is trained.`)
    }
    training = functor.fit(chunks(state), { signal })
    await training
  }

  /** The codes of all rows of a build. */
  async function hashAll(state: LshRows, signal: AbortSignal | undefined): Promise<void> {
    const { codes, vectors } = state
    const rows = vectors?.count ?? 0
    await codes.reserve(rows, 0)
    codes.resize(rows)
    let first = 0
    for (const some of chunks(state)) {
      codes.setFrom(first, await hashVectors(parts, some, signal))
      first += some.count
    }
    codes.markAll()
  }

  /** Measures again where there are many more rows than before. Only an index that has its vectors in memory can. Never fails: it goes on with the old measure. */
  async function keepCalibrated(state: LshRows): Promise<void> {
    const { calibration, codes, vectors } = state
    if (config.candidates !== undefined || !vectors || codes.count < (calibration?.rows ?? 0) * GROWTH) return
    try {
      state.calibration = await calibrate(engine, vectors, codes, undefined)
    } catch {}
  }

  function needShared(state: LshRows): void {
    if (state.phase === 'shared') return
    throw new CbirError(
      'IO_FAILED',
      'The parts of this index could not be put back after a build that failed, so it cannot be changed. Build it again.',
    )
  }

  /** Writes `vectors` to rows that there is room for. */
  async function write(state: LshRows, rows: Uint32Array, vectors: VectorBatch, { uids, signal }: WriteOptions): Promise<void> {
    needShared(state)
    const codes = await hashVectors(parts, vectors, signal)
    await shared.change(state, rows, uids, { vectors, codes })
    // From here on nothing fails.
    await state.codes.set(rows, codes)
    await state.codes.mark(rows, true)
    if (state.uids) for (const [i, row] of rows.entries()) state.uids[row] = uids[i]!
  }

  const driver: LshDriver = {
    adopted: undefined,
    exact: false,
    layout: { metric: config.metric, bits: functor.bits, vectors: descriptorSet === undefined },
    tuning: {
      candidates: { min: 1, max: MOST, integer: true },
      recall: { min: 0.01, max: 0.999, integer: false },
      probes: { min: 0, max: MOST, integer: true },
    },
    appendsAfterFinish: canAdd(hashIndex),
    open,

    async append(state, vectors, options) {
      const { signal, following = 0, uids } = options
      if (state.phase === 'building') {
        await state.vectors?.append(vectors, following, { signal })
        if (state.uids) for (const uid of uids) state.uids.push(uid)
        return
      }
      const first = state.codes.rows
      const rows = Uint32Array.from({ length: vectors.count }, (_, i) => first + i)
      await state.codes.reserve(first + vectors.count, 0)
      await state.vectors?.append(vectors, 0, { signal })
      try {
        state.codes.resize(first + vectors.count)
        await write(state, rows, vectors, options)
      } catch (error) {
        state.vectors?.truncate(first)
        state.codes.resize(first)
        throw error
      }
      await keepCalibrated(state)
    },

    async finish(state, { signal }) {
      await train(state, signal)
      await hashAll(state, signal)
      if (driver.adopted) await checkFunctor(parts, state, { codes: driver.adopted.codes, replace: true })
      if (config.candidates === undefined && state.vectors) state.calibration = await calibrate(engine, state.vectors, state.codes, signal)
    },

    replace: (state, old) => shared.takeOver(state, old, driver.adopted !== undefined),

    search: (state, queries, k, options) => search.nearest(state, queries, k, options),
    scan: (state, queries, k, options) => search.scan(state, queries, k, options),

    async overwrite(state, rows, vectors, options) {
      await write(state, rows, vectors, options)
      await state.vectors?.overwrite(rows, vectors)
    },

    free: canRemove(hashIndex)
      ? async (state, rows, { uids }) => {
          needShared(state)
          await shared.change(state, rows, uids)
          await state.codes.mark(rows, false)
        }
      : undefined,

    async save(state, writer, options) {
      await writeState(state, writer)
      await writeFunctorModel(functor, writer, options)
    },

    async load(container, shape: SavedShape, options: CallOptions) {
      const { dimensions, rows, names } = shape
      await readFunctorModel(functor, container, options)
      const state = open(dimensions)
      try {
        await readState(container, state, shape, descriptorSet === undefined, options)
        if (state.uids) for (let row = 0; row < rows; row++) state.uids.push(names.uidAt(row) ?? '')
        if (descriptorSet) {
          state.vectors?.close()
          state.vectors = undefined
          await needVectors(state)
        }
        await checkFunctor(parts, state)
        await shared.putCodes(state)
        if (hashToUids) await needLists(state)
        state.phase = 'shared'
        return state
      } catch (error) {
        state.vectors?.close()
        throw error
      }
    },

    close: (state) => state.vectors?.close(),
  }

  /** @throws CbirError FINGERPRINT_MISMATCH where the descriptor set lacks a vector of the saved index, CORRUPT_DATA for other dimensions */
  async function needVectors({ codes, uids = [], dimensions }: LshRows): Promise<void> {
    if (!descriptorSet) return
    const rows = await codes.liveRows()
    for (let from = 0; from < rows.length; from += SET_BATCH) {
      const some = Array.from(rows.subarray(from, from + SET_BATCH), (row) => uids[row] ?? '')
      const missing = (await descriptorSet.hasMany(some)).indexOf(0)
      if (missing >= 0) {
        throw new CbirError(
          'FINGERPRINT_MISMATCH',
          `${descriptorSet.name} has no vector of ${JSON.stringify(some[missing])}, which the saved index names. Give the set that the index was saved with, or build it again.`,
        )
      }
      if (from === 0) checkStored(descriptorSet.name, await descriptorSet.dimensionsOf(some[0]!), dimensions)
    }
  }

  /** @throws CbirError FINGERPRINT_MISMATCH where the hash→uids store does not have the codes of the saved index */
  async function needLists({ codes }: LshRows): Promise<void> {
    const held = await hashToUids?.count()
    if (held === codes.codes) return
    throw new CbirError(
      'FINGERPRINT_MISMATCH',
      `The hash→uids store holds ${held} codes and the saved index ${codes.codes}: one of them changed without the other. Build the index again, or open it without a directory, from its stores.`,
    )
  }

  return driver
}

/** The vectors of a build, some at a time. */
function* chunks({ vectors, dimensions }: LshRows): Generator<VectorBatch> {
  const atOnce = Math.max(1, Math.floor(HASH_NUMBERS / dimensions))
  const count = vectors?.count ?? 0
  for (let from = 0; from < count; from += atOnce) {
    const to = Math.min(count, from + atOnce)
    yield { data: vectors!.read(from, to), count: to - from, dimensions }
  }
}
