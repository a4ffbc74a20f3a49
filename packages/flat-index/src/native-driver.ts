// The driver of the flat index over native code: the same answers and the same files as in TypeScript.

import type { Metric, VectorBatch } from '@cbir/core'
import { type AppendOptions, type DenseRowsDriver, type RowNeighbours, type RowSearchOptions, readVectors, writeVectors } from '@cbir/core/define'
import { nativeTask, ShortQueries, shortAnswer } from '@cbir/native-kit'
import type { FlatAddon, NativeHandle, NativeSettings } from './native-addon.ts'
import type { Storage } from './storage.ts'

/** Numbers that are copied on the calling thread rather than on another: some 50 µs. */
const SHORT_COPY = 1 << 15
/** Numbers in a chunk of a saved file. */
const CHUNK_NUMBERS = 1 << 18
/** Milliseconds that a number of the rows takes, as a first guess. */
const PER_NUMBER_MS = 2e-7
/** What going on to the next row takes, in numbers. */
const PER_ROW = 32

/** Rows in native memory. */
export interface NativeRows {
  readonly handle: NativeHandle
  readonly dimensions: number
  /** No build is filling it. */
  complete: boolean
}

/** What an addition of rows must know beside them. */
type Known = Pick<AppendOptions, 'signal' | 'following'>

/** For tests: other settings than those that are best here. */
export type NativeChoices = Pick<NativeSettings, 'blockBytes' | 'instructionSet'>

/** A driver that answers exactly, in the given metric, by the kernels of `addon`. */
export function nativeDriver(addon: FlatAddon, metric: Metric, storage: Storage, choices: NativeChoices = {}): DenseRowsDriver<NativeRows> {
  const short = new ShortQueries<NativeRows>(
    {
      now: (state, { data, count }, k, { allow }) =>
        shortAnswer(addon, addon.search(state.handle, data, count, k, allow?.bits, true) as RowNeighbours | number, count),
      later: (state, { data, count }, k, options) =>
        nativeTask(
          addon,
          options,
          (control) => addon.search(state.handle, data, count, k, options.allow?.bits, false, control) as Promise<RowNeighbours>,
        ),
    },
    PER_NUMBER_MS,
  )
  const open = (dimensions: number): NativeRows => ({
    handle: addon.create({ metric, storage, dimensions, ...choices }),
    dimensions,
    complete: false,
  })
  const append = ({ handle, complete }: NativeRows, { data, count }: VectorBatch, { signal, following = 0 }: Known): Promise<void> | void => {
    const done =
      data.length <= SHORT_COPY
        ? addon.append(handle, data, count, following, true)
        : nativeTask(addon, { signal }, (control) => addon.append(handle, data, count, following, false, control))
    addon.account(handle, complete) // memory is taken before anything is copied
    return done
  }
  const finish = (state: NativeRows): void => {
    state.complete = true
    addon.account(state.handle, true)
  }
  return {
    exact: true,
    layout: { metric },
    appendsAfterFinish: true,
    open,
    append,
    finish,
    overwrite: ({ handle }, rows, { data }) => addon.overwrite(handle, rows, data, data.length <= SHORT_COPY),
    // A freed row keeps its memory until a new vector takes its place; core leaves it out of every search.
    free: () => {},
    search: (state, queries, k, options) => short.search(state, queries, k, options, numbersRead(addon, state, queries.count, options)),
    within: ({ handle }, { data, count }, radius, options) =>
      nativeTask(
        addon,
        options,
        (control) => addon.within(handle, data, count, radius, options.allow?.bits, false, control) as Promise<RowNeighbours>,
      ),
    save: (state, writer) => writeVectors(writer, chunks(addon, state)),
    async load(container, shape, options) {
      const state = open(shape.dimensions)
      try {
        await readVectors(container, shape, options, (vectors) => append(state, vectors, options))
        finish(state)
      } catch (error) {
        addon.close(state.handle)
        throw error
      }
      return state
    },
    close: ({ handle }) => addon.close(handle),
  }
}

function numbersRead(addon: FlatAddon, { handle, dimensions }: NativeRows, queries: number, { allow }: RowSearchOptions): number {
  return queries * (allow?.count ?? addon.count(handle)) * (dimensions + PER_ROW)
}

function* chunks(addon: FlatAddon, { handle, dimensions }: NativeRows): Generator<Uint8Array, void, undefined> {
  const count = addon.count(handle)
  const atOnce = Math.max(1, Math.floor(CHUNK_NUMBERS / dimensions))
  for (let first = 0; first < count; first += atOnce) {
    const rows = addon.rows(handle, first, Math.min(atOnce, count - first))
    yield new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  }
}
