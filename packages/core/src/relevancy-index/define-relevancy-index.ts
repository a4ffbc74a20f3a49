// defineRelevancyIndex: an adapter ranks rows; core keeps names, and gives checks, locking, abort and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { CallOrder } from '../concurrency/call-order.ts'
import { guardCalls } from '../concurrency/guard.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkShares } from '../vectors/check-shares.ts'
import { ItemsReader } from '../vectors/items-reader.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import { checkExamples, type Examples, takeExamples } from './examples.ts'
import type { Relevance, RelevancyIndex } from './relevancy-index.ts'

type Now<T> = Promise<T> | T

/** What an adapter writes. Every batch that it gets is a private copy, finite and of the right dimensions; it copies what it keeps. */
export interface RelevancyIndexDriver<S> {
  open(dimensions: number): Now<S>
  /** Adds rows behind the last one. */
  append(state: S, vectors: VectorBatch, options: CallOptions): Now<void>
  /** Called once, after the last row and before the state replaces the old one. */
  finish?(state: S, options: CallOptions): Now<void>
  /** A score in [0, 1] for each row. There is a positive example; there may be no negative one. */
  rank(state: S, examples: Examples, options: CallOptions): Now<Float32Array>
  close?(state: S): Now<void>
}

interface Content<S> {
  readonly state: S
  readonly dimensions: number
  readonly uids: string[]
}

/** A relevancy index over a driver. */
export function defineRelevancyIndex<S>(identity: Identity, driver: RelevancyIndexDriver<S>): RelevancyIndex {
  const component = describeComponent('relevancy-index', identity)
  const { name } = component
  const guard = guardCalls(name, 'ADAPTER_FAULT')
  const order = new CallOrder()
  let content: Content<S> | undefined

  async function prepare(reader: ItemsReader, options: CallOptions): Promise<Content<S>> {
    let next: Content<S> | undefined
    try {
      for (let items = await reader.next(); items; items = await reader.next()) {
        const { vectors, uids } = items
        next ??= { state: await driver.open(vectors.dimensions), dimensions: vectors.dimensions, uids: [] }
        await driver.append(next.state, vectors, options)
        for (const uid of uids) next.uids.push(uid)
        options.onProgress?.({ done: next.uids.length })
      }
      if (!next) throw new CbirError('EMPTY_BUILD', `There was nothing to build ${name} from. What stood before still stands.`)
      await driver.finish?.(next.state, options)
      return next
    } catch (error) {
      await reader.close()
      if (next) await driver.close?.(next.state)
      throw error
    }
  }

  return {
    ...component,
    get count() {
      return content?.uids.length ?? 0
    },
    get dimensions() {
      return content?.dimensions
    },

    build(source, options = {}) {
      const { signal } = options
      return guard.hold(() => {
        const reader = new ItemsReader(source, { wholeBatches: false, signal })
        return order.replace(async (turn) => {
          const next = await guard.foreign(() => prepare(reader, options), signal)
          try {
            await turn
            await guard.exclude(async () => {
              const old = content
              content = next
              if (old) await driver.close?.(old.state)
            }, signal)
          } catch (error) {
            if (content !== next) await driver.close?.(next.state)
            throw error
          }
          return next.uids.length
        })
      }, signal)
    },

    async rank(positive, negative, options = {}) {
      const examples = takeExamples(positive, negative)
      return guard.read(async () => {
        if (!content) throw new CbirError('EMPTY_INDEX', `The ${name} holds no vectors. Build it before it is asked.`)
        const { state, dimensions, uids } = content
        await checkExamples(examples, dimensions)
        const scores = await driver.rank(state, examples, options)
        await checkShares(name, scores, uids.length)
        return { uids, scores, top: (k) => best(uids, scores, k) }
      }, options.signal)
    },

    dispose: () =>
      guard.dispose(async () => {
        if (content) await driver.close?.(content.state)
        content = undefined
      }),
  }
}

/** The `k` highest scores, best first, by insertion into a short sorted list. */
async function best(uids: readonly string[], scores: Float32Array, k: number): ReturnType<Relevance['top']> {
  checkPositiveInteger(k, 'k')
  const rows: number[] = []
  await inSlices(scores.length, 256, (from, to) => {
    for (let row = from; row < to; row++) {
      const score = scores[row]!
      if (rows.length === k && score <= scores[rows[k - 1]!]!) continue
      let low = 0
      for (let high = rows.length; low < high; ) {
        const middle = (low + high) >> 1
        if (scores[rows[middle]!]! >= score) low = middle + 1
        else high = middle
      }
      rows.splice(low, 0, row)
      if (rows.length > k) rows.pop()
    }
  })
  return rows.map((row) => ({ uid: uids[row]!, score: scores[row]! }))
}
