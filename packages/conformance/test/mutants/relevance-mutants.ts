// Wrong components that score by examples: relevancy indexes and rankers that have one thing broken.

import { type CallOptions, CbirError, type Component, type VectorBatch } from '@cbir/core'
import { block, outliving, unsignalled, withoutReason } from './call-mutants.ts'
import { fitted, healed } from './index-mutant-tools.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface Scoring extends Component {
  dispose(): Promise<void>
}

export type Score = (positive: VectorBatch, negative: VectorBatch | undefined, options?: CallOptions) => Promise<Float32Array>

/** How to get at the calls of a kind: one whose scores come from what `change` makes of its own; with `every`, in every call that ranks. */
export type ScoringHandle<C extends Scoring> = (component: C, change: (score: Score) => Score, every?: 'every') => C

/** A wrong component. */
export interface RelevanceMutant<C extends Scoring> extends Mutant {
  readonly make?: (reference: C) => C
  /** Run with `fromConfig`. */
  readonly fromConfig?: (component: C) => C
}

const BAD_EXAMPLES = 'wrong dimension, NaN, Infinity in examples'

let instances = 0

/** A copy of a batch; what is none stays as it is. */
export const copyOf = (batch: VectorBatch): VectorBatch => (batch?.data instanceof Float32Array ? { ...batch, data: batch.data.slice() } : batch)

/** The mutants of a kind; `comparing` are the groups of the kind that compare two which were made alike. */
export function relevanceMutants<C extends Scoring>(scoring: ScoringHandle<C>, comparing: readonly string[]): readonly RelevanceMutant<C>[] {
  const giving = (change: (scores: Float32Array) => Float32Array) => (c: C) =>
    scoring(
      c,
      (score) =>
        async (...call) =>
          change(await score(...call)),
      'every',
    )
  const asked = (change: (batch: VectorBatch) => VectorBatch) => (c: C) =>
    scoring(c, (score) => (positive, negative, options) => score(positive && change(positive), negative && change(negative), options))
  const configured = (c: C, more: object): C =>
    variant(c, { toConfig: () => ({ ...c.toConfig(), config: { ...c.toConfig().config, ...more } }) } as Partial<C>)
  return [
    { name: 'is of another kind', breaks: ['component'], make: (c) => variant(c, { kind: 'hash-index' } as Partial<C>) },
    { name: 'scores in percent', breaks: ['scores'], make: giving((scores) => scores.map((x) => 100 * x)) },
    { name: 'scores around 0, as margins are', breaks: ['scores'], make: giving((scores) => scores.map((x) => x - 0.5)) },
    { name: 'scores above 1', breaks: ['scores'], make: giving((scores) => scores.map((x) => x + 0.6)) },
    {
      name: 'NaN where an example is in the pool',
      breaks: ['scores'],
      make: giving((scores) => scores.map((x) => (x === 1 ? Number.NaN : x))),
    },
    { name: '1 is least relevant', breaks: ['relevance'], make: giving((scores) => scores.map((x) => 1 - x)) },
    {
      name: 'the examples are exchanged',
      breaks: ['relevance'],
      make: (c) =>
        scoring(
          c,
          (score) => (positive, negative, options) =>
            positive?.count && negative?.count ? score(negative, positive, options) : score(positive, negative, options),
          'every',
        ),
    },
    { name: 'everything is equally relevant', breaks: ['relevance'], make: giving((scores) => scores.fill(0.5)) },
    {
      name: 'every one scores in its own way',
      breaks: ['determinism', ...comparing],
      make: (c) => {
        const exponent = 1 + (++instances % 100) / 100
        return giving((scores) => scores.map((x) => x ** exponent))(c)
      },
    },
    {
      name: 'no positive example is as good as any (all are relevant)',
      breaks: ['examples'],
      make: (c) =>
        scoring(
          c,
          (score) => (positive, negative, options) =>
            score(positive?.count === 0 ? { data: new Float32Array(16), count: 1, dimensions: 16 } : positive, negative, options),
        ),
    },
    {
      name: 'no negative example is an error',
      breaks: ['examples'],
      make: (c) =>
        scoring(c, (score) => async (positive, negative, options) => {
          if (negative?.count === 0) throw new CbirError('INVALID_ARGUMENT', 'there is no negative example')
          return score(positive, negative, options)
        }),
    },
    { name: 'takes NaN for 0', breaks: [BAD_EXAMPLES], make: asked(healed) },
    {
      name: 'cuts or fills up examples of another length',
      breaks: [BAD_EXAMPLES],
      make: asked((batch) => (Math.abs(batch.dimensions - 16) === 1 ? fitted(batch, 16) : batch)),
    },
    {
      name: 'passes over negatives that are no batch',
      breaks: [BAD_EXAMPLES],
      make: (c) => scoring(c, (score) => (positive, negative, options) => score(positive, negative?.count ? negative : undefined, options)),
    },
    { name: 'ignores the signal', breaks: ['abort'], make: (c) => scoring(c, (score) => (p, n, options) => score(p, n, unsignalled(options))) },
    {
      name: 'forgets the reason of an abort',
      breaks: ['abort'],
      make: (c) =>
        scoring(
          c,
          (score) =>
            (...call) =>
              withoutReason(score(...call)),
        ),
    },
    { name: 'takes calls after dispose', breaks: ['dispose'], make: (c) => variant(c, { dispose: async () => {} } as Partial<C>) },
    {
      name: 'dispose fails the rankings in flight',
      breaks: ['dispose'],
      make: (c) => {
        let gone = false
        const dispose = (): Promise<void> => {
          gone = true
          return c.dispose()
        }
        const failing = scoring(c, (score) => async (...call) => {
          const scores = await score(...call)
          if (gone) throw new CbirError('DISPOSED', 'disposed')
          return scores
        })
        return variant(failing, { dispose } as Partial<C>)
      },
    },
    {
      name: 'rankings share one buffer for their examples',
      breaks: ['concurrency'],
      make: (c) => {
        let own = c
        const outlived = outliving(c, (lifetime) => {
          let scratch: VectorBatch
          own = scoring(
            c,
            (score) => (positive, negative, options) =>
              lifetime.run(async () => {
                scratch = copyOf(positive)
                const unwanted = negative && copyOf(negative)
                await undefined
                return score(scratch, unwanted, options)
              }),
          )
          return {}
        })
        return variant(own, { dispose: () => outlived.dispose() } as Partial<C>)
      },
    },
    {
      name: 'a long ranking blocks',
      breaks: ['event loop'],
      make: giving((scores) => {
        if (scores.length > 10_000) block(400)
        return scores
      }),
    },
    {
      name: 'reads the examples later than at the call',
      breaks: ['buffers'],
      make: (c) => {
        let own = c
        const outlived = outliving(c, (lifetime) => {
          own = scoring(
            c,
            (score) =>
              (...call) =>
                lifetime.run(async () => {
                  await undefined
                  return score(...call)
                }),
          )
          return {}
        })
        return variant(own, { dispose: () => outlived.dispose() } as Partial<C>)
      },
    },
    {
      name: 'answers share one buffer',
      breaks: ['buffers', 'concurrency'],
      make: (c) => {
        const shared = new Float32Array(1 << 16)
        return scoring(
          c,
          (score) =>
            async (...call) => {
              const scores = await score(...call)
              shared.set(scores)
              await new Promise((resolve) => setImmediate(resolve)) // so that of answers at once the last is always the one that is seen
              return shared.subarray(0, scores.length)
            },
          'every',
        )
      },
    },
    {
      name: 'a configuration that JSON cannot hold',
      breaks: ['configuration'],
      make: (c) => configured(c, { since: new Date(0) }),
      fromConfig: (c) => c,
    },
    { name: 'made again it has another configuration', breaks: ['configuration'], fromConfig: (c) => configured(c, { made: 'again' }) },
    {
      name: 'made again from its configuration, it scores in percent',
      breaks: ['made again from its configuration › scores'],
      fromConfig: giving((scores) => scores.map((x) => 100 * x)),
    },
  ]
}
