// Wrong components with a model: functors and classifiers that have one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { type CallOptions, CbirError, type Component, type Source, type VectorBatch } from '@cbir/core'
import type { Lifetime } from '@cbir/core/define'
import { block, codeOf, outliving, unsignalled, withoutReason } from './call-mutants.ts'
import { changedSource } from './changed-source.ts'
import { fitted, healed } from './index-mutant-tools.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

/** What the mutants need to know of a component. */
export interface Trained extends Component {
  readonly capabilities: ReadonlySet<string>
  readonly hasModel: boolean
  save(directory: string, options?: CallOptions): Promise<void>
  dispose(): Promise<void>
}

export type Answer = Uint8Array | Float32Array
export type Ask = (vectors: VectorBatch, options?: CallOptions) => Promise<Answer>
export type Teach = (source: Source<VectorBatch>, options?: CallOptions) => Promise<void>

/** How to get at the two calls of a kind. */
export interface Handles<C extends Trained> {
  asking(component: C, change: (ask: Ask) => Ask): C
  teaching(component: C, change: (teach: Teach) => Teach): C
  /** Another answer of the right form, for each `secret` from 0 to 1 another one. */
  otherwise(answer: Answer, secret: number): Answer
}

/** A wrong component. With `make` alone it is run without files. */
export interface ModelMutant<C extends Trained> extends Mutant {
  /** What is wrong with every component that the suite gets; `fresh` makes another right one. */
  readonly make?: (reference: C, fresh: () => C) => C
  /** Run with files and `fromConfig`. */
  readonly stored?: true
  /** Replaces the opening of a directory. */
  readonly open?: (directory: string, open: (directory: string) => Promise<C>, fresh: () => C) => Promise<C>
  readonly fromConfig?: (component: C) => C
}

const BAD_VECTORS = 'wrong dimension, NaN, Infinity'

/** A batch that a right component learns from, like those of the suite. */
const someVectors = (): VectorBatch => ({ data: Float32Array.from({ length: 160 }, (_, i) => Math.sin(i * i)), count: 10, dimensions: 16 })

/** One that keeps what was learnt from other vectors where a training fails with `code`. */
const keepsModelAfter =
  (code: string) =>
  (teach: Teach): Teach =>
  (source, options) =>
    teach(source, options).catch(async (error: unknown) => {
      if (codeOf(error) === code) await teach([someVectors()])
      throw error
    })

const rethrown =
  (code: string, change: (error: CbirError) => unknown) =>
  (error: unknown): never => {
    throw codeOf(error) === code ? change(error as CbirError) : error
  }

/** The mutants of a kind. `comparing` are the groups of the kind that compare two which have learnt the same. */
export function modelMutants<C extends Trained>(
  { asking, teaching, otherwise }: Handles<C>,
  comparing: readonly string[],
): readonly ModelMutant<C>[] {
  /** One whose changed calls begin with a wait; `dispose` waits for them. */
  const lately = (component: C, change: (lifetime: Lifetime) => C): C => {
    let changedCalls: C | undefined
    const outlived = outliving(component, (lifetime) => {
      changedCalls = change(lifetime)
      return {}
    })
    return variant(changedCalls ?? component, { dispose: () => outlived.dispose() } as Partial<C>)
  }
  return [
    { name: 'is of another kind', breaks: ['component'], make: (c) => variant(c, { kind: 'hash-index' } as Partial<C>) },
    { name: 'declares less than it has', breaks: ['capabilities'], make: (c) => variant(c, { capabilities: new Set() } as unknown as Partial<C>) },
    { name: 'saves without declaring it', breaks: ['capabilities'], make: (c) => variant(c, { save: async () => {} } as unknown as Partial<C>) },
    {
      name: 'answers without a model',
      breaks: ['not trained'],
      make: (c) =>
        asking(
          c,
          (ask) =>
            async (...call) =>
              c.hasModel ? ask(...call) : new Uint8Array(16),
        ),
    },
    {
      name: 'a question without a model is an error without a code',
      breaks: ['not trained'],
      make: (c) =>
        asking(
          c,
          (ask) =>
            (...call) =>
              ask(...call).catch(rethrown('NOT_TRAINED', ({ message }) => new TypeError(message))),
        ),
    },
    {
      name: 'a batch without rows ends the training',
      breaks: ['training'],
      make: (c) =>
        teaching(
          c,
          (teach) => (source, options) =>
            teach(
              changedSource(source, (batch) => {
                if (batch?.count === 0) throw new CbirError('EMPTY_BUILD', 'a batch without rows')
                return batch
              }),
              options,
            ).catch(rethrown('SOURCE_FAILED', (error) => (codeOf(error.cause) === 'EMPTY_BUILD' ? error.cause : error))),
        ),
    },
    {
      name: 'never says that it has a model',
      breaks: ['training', 'already trained'],
      make: (c) => variant(c, { hasModel: false } as Partial<C>),
    },
    {
      name: 'learns nothing from nothing, and calls it a model',
      breaks: ['failed training'],
      make: (c) =>
        teaching(
          c,
          (teach) =>
            (...call) =>
              teach(...call).catch(async (error: unknown) => {
                if (codeOf(error) !== 'EMPTY_BUILD') throw error
                await teach([someVectors()])
              }),
        ),
    },
    {
      name: 'a source that throws leaves a model',
      breaks: ['failed training'],
      make: (c) => teaching(c, keepsModelAfter('SOURCE_FAILED')),
    },
    { name: 'a bad vector leaves a model', breaks: [BAD_VECTORS], make: (c) => teaching(c, keepsModelAfter('NOT_FINITE')) },
    { name: 'an abort leaves a model', breaks: ['abort'], make: (c) => teaching(c, keepsModelAfter('ABORTED')) },
    {
      name: 'forgets why its source failed',
      breaks: ['failed training'],
      make: (c) =>
        teaching(
          c,
          (teach) =>
            (...call) =>
              teach(...call).catch(rethrown('SOURCE_FAILED', () => new CbirError('SOURCE_FAILED', 'failed'))),
        ),
    },
    {
      name: 'a training on an existing model is accepted, and does nothing',
      breaks: ['already trained'],
      make: (c) =>
        teaching(
          c,
          (teach) =>
            (...call) =>
              teach(...call).catch(rethrownUnless('ALREADY_TRAINED')),
        ),
    },
    {
      name: 'a training on an existing model replaces it',
      breaks: ['already trained'],
      make: (c, fresh) => {
        let again: C | undefined
        const replacing = teaching(c, (teach) => (source, options) => {
          if (!c.hasModel) return teach(source, options)
          again = fresh()
          let learn: Teach = teach
          teaching(again, (own) => {
            learn = own
            return own
          })
          return learn(source, options)
        })
        return asking(replacing, (ask) => (...call) => {
          let own: Ask = ask
          if (again)
            asking(again, (other) => {
              own = other
              return other
            })
          return own(...call)
        })
      },
    },
    {
      name: 'answers in reverse order',
      breaks: ['rows'],
      make: (c) =>
        asking(c, (ask) => async (vectors, options) => {
          const count = vectors?.count
          const answer = await ask(vectors, options)
          const width = answer.length / Math.max(1, count)
          return answer.map((_, i) => answer[(count - 1 - Math.floor(i / width)) * width + (i % width)]!)
        }),
    },
    {
      name: 'no row is an error',
      breaks: ['rows'],
      make: (c) =>
        asking(c, (ask) => async (vectors, options) => {
          if (vectors?.count === 0) throw new CbirError('INVALID_ARGUMENT', 'there is no vector')
          return ask(vectors, options)
        }),
    },
    {
      name: 'every one answers in its own way',
      breaks: ['determinism', 'training', 'failed training', 'buffers', ...comparing],
      make: (c) => {
        const secret = (++instances % 100) / 100
        return asking(
          c,
          (ask) =>
            async (...call) =>
              otherwise(await ask(...call), secret),
        )
      },
    },
    {
      name: 'takes NaN for 0 in a question',
      breaks: [BAD_VECTORS],
      make: (c) => asking(c, (ask) => (vectors, options) => ask(vectors && healed(vectors), options)),
    },
    {
      name: 'takes NaN for 0 in a training',
      breaks: [BAD_VECTORS],
      make: (c) => teaching(c, (teach) => (source, options) => teach(changedSource(source, healed), options)),
    },
    {
      name: 'cuts or fills up vectors of another length',
      breaks: [BAD_VECTORS],
      make: (c) =>
        asking(c, (ask) => (vectors, options) => ask(vectors && fitted(vectors, Math.abs(vectors.dimensions - 16) === 1 ? 16 : undefined), options)),
    },
    {
      name: 'ignores the signal of a question',
      breaks: ['abort'],
      make: (c) => asking(c, (ask) => (vectors, options) => ask(vectors, unsignalled(options))),
    },
    {
      name: 'looks at the signal of a training only before it begins',
      breaks: ['abort'],
      make: (c) => teaching(c, (teach) => (source, options) => teach(source, options?.signal?.aborted ? options : unsignalled(options))),
    },
    {
      name: 'forgets the reason of an abort',
      breaks: ['abort'],
      make: (c) =>
        asking(
          c,
          (ask) =>
            (...call) =>
              withoutReason(ask(...call)),
        ),
    },
    { name: 'dispose does not wait', breaks: ['dispose'], make: (c) => variant(c, { dispose: async () => void c.dispose() } as Partial<C>) },
    { name: 'takes calls after dispose', breaks: ['dispose'], make: (c) => variant(c, { dispose: async () => {} } as Partial<C>) },
    {
      name: 'dispose fails the questions in flight',
      breaks: ['dispose'],
      make: (c) => {
        let gone = false
        const dispose = (): Promise<void> => {
          gone = true
          return c.dispose()
        }
        const failing = asking(c, (ask) => async (...call) => {
          const answer = await ask(...call)
          if (gone) throw new CbirError('DISPOSED', 'disposed')
          return answer
        })
        return variant(failing, { dispose } as Partial<C>)
      },
    },
    {
      name: 'questions share one buffer for their input',
      breaks: ['concurrency'],
      make: (c) =>
        lately(c, (lifetime) => {
          let scratch: VectorBatch
          return asking(
            c,
            (ask) => (vectors, options) =>
              lifetime.run(async () => {
                scratch = vectors && { ...vectors, data: vectors.data.slice() }
                await undefined
                return ask(scratch, options)
              }),
          )
        }),
    },
    {
      name: 'a long question blocks',
      breaks: ['event loop'],
      make: (c) =>
        asking(c, (ask) => async (vectors, options) => {
          if (vectors?.count > 10_000) block(400)
          return ask(vectors, options)
        }),
    },
    {
      name: 'a long training blocks',
      breaks: ['event loop'],
      make: (c) =>
        teaching(c, (teach) => async (source, options) => {
          await teach(source, options)
          if (Array.isArray(source) && source[0]?.count > 10_000) block(400)
        }),
    },
    {
      name: 'reads vectors later than at the call',
      breaks: ['buffers'],
      make: (c) =>
        lately(c, (lifetime) =>
          asking(
            c,
            (ask) =>
              (...call) =>
                lifetime.run(async () => {
                  await undefined
                  return ask(...call)
                }),
          ),
        ),
    },
    {
      name: 'reads training vectors later than at the call',
      breaks: ['buffers'],
      make: (c) =>
        lately(c, (lifetime) =>
          teaching(
            c,
            (teach) =>
              (...call) =>
                lifetime.run(async () => {
                  await undefined
                  return teach(...call)
                }),
          ),
        ),
    },
    {
      name: 'keeps the batches of a source and reads them at its end',
      breaks: ['buffers'],
      make: (c) =>
        teaching(c, (teach) => (source, options) => {
          const isGenerator = typeof source === 'object' && source !== null && !Array.isArray(source) && Symbol.iterator in source
          return teach(isGenerator ? [...source] : source, options)
        }),
    },
    {
      name: 'answers share one buffer',
      breaks: ['buffers', 'concurrency'],
      make: (c) => {
        const shared = new ArrayBuffer(1 << 21)
        return asking(c, (ask) => async (...call) => {
          const answer = await ask(...call)
          const own = answer instanceof Uint8Array ? new Uint8Array(shared, 0, answer.length) : new Float32Array(shared, 0, answer.length)
          own.set(answer)
          await new Promise((resolve) => setImmediate(resolve)) // so that of answers at once the last is always the one that is seen
          return own
        })
      },
    },
  ]
}

let instances = 0

const rethrownUnless =
  (code: string) =>
  (error: unknown): void => {
    if (codeOf(error) !== code) throw error
  }

/** Wrong ways to save, open or describe itself. */
export function storedModelMutants<C extends Trained>({ teaching }: Handles<C>): readonly ModelMutant<C>[] {
  const configured = (c: C, config: Record<string, unknown>): C => variant(c, { toConfig: () => ({ ...c.toConfig(), config }) } as Partial<C>)
  return [
    { name: 'a saved model is forgotten', breaks: ['persistence'], stored: true, open: (directory, open) => open(`${directory}-elsewhere`) },
    {
      name: 'over a directory, what is learnt is not written',
      breaks: ['persistence'],
      stored: true,
      open: async (directory, open, fresh) => {
        const opened = await open(directory)
        return opened.hasModel ? opened : fresh()
      },
    },
    {
      name: 'a damaged file opens without a model',
      breaks: ['persistence'],
      stored: true,
      open: (directory, open) => open(directory).catch(() => open(`${directory}-elsewhere`)),
    },
    {
      name: 'a damaged file is an error without a code',
      breaks: ['persistence'],
      stored: true,
      open: (directory, open) =>
        open(directory).catch((error: unknown) => {
          throw new SyntaxError(String(error))
        }),
    },
    {
      name: 'saves without a model',
      breaks: ['persistence'],
      stored: true,
      make: (c) => variant(c, { save: async (...call: Parameters<Trained['save']>) => (c.hasModel ? c.save(...call) : undefined) } as Partial<C>),
    },
    {
      name: 'a second save is ignored',
      breaks: ['persistence'],
      stored: true,
      make: (c) =>
        variant(c, {
          save: async (...call: Parameters<Trained['save']>) => {
            const { readdir } = await import('node:fs/promises')
            const there = await readdir(call[0]).catch((): string[] => [])
            if (there.length === 0) await c.save(...call)
          },
        } as Partial<C>),
    },
    {
      name: 'a configuration that JSON cannot hold',
      breaks: ['configuration'],
      stored: true,
      make: (c) => configured(c, { ...c.toConfig().config, extra: new Date(0) }),
    },
    { name: 'made again it has lost its options', breaks: ['configuration'], stored: true, fromConfig: (c) => configured(c, { extra: 1 }) },
    {
      name: 'once reopened, it can be trained again',
      breaks: ['closed and reopened › already trained'],
      stored: true,
      open: async (directory, open) => {
        const c = await open(directory)
        return c.hasModel ? teaching(c, () => async () => {}) : c
      },
    },
    {
      name: 'made again from its configuration, it answers after dispose',
      breaks: ['made again from its configuration › dispose'],
      stored: true,
      fromConfig: (c) => variant(c, { dispose: async () => {} } as Partial<C>),
    },
  ]
}
