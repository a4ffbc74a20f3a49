// What a case of the LshFunctor suite works with.

import type { BitBatch, CallOptions, ComponentConfig, LshFunctor, Source, VectorBatch } from '@cbir/core'
import type { Made } from '../framework/component-groups.ts'
import type { Group } from '../framework/suite.ts'
import { ModelCase, type ModelSuiteOptions } from '../trained-model/model-case.ts'
import type { FullLshFunctor } from './reference.ts'

/** Options of `lshFunctorSuite`. */
export interface LshFunctorSuiteOptions extends ModelSuiteOptions {
  readonly create: () => Made<LshFunctor>
  readonly capabilities: readonly ('fit' | 'persist')[]
  /** Codes cannot have more bits than vectors have numbers (ITQ): such a fit must be refused. Where absent it must succeed. */
  readonly bitsWithinDimensions?: boolean | undefined
  readonly reopen?: ((directory: string) => Made<LshFunctor>) | undefined
  readonly fromConfig?: ((config: ComponentConfig) => Made<LshFunctor>) | undefined
}

/** A group of the LshFunctor suite. */
export type LshFunctorGroup = Group<LshFunctorCase, LshFunctorSuiteOptions>

export class LshFunctorCase extends ModelCase<FullLshFunctor> {
  declare readonly options: LshFunctorSuiteOptions

  teach(functor: FullLshFunctor, source: Source<VectorBatch>, options?: CallOptions): Promise<void> {
    return functor.fit(source, options)
  }

  async ask(functor: FullLshFunctor, vectors: VectorBatch, options?: CallOptions): Promise<Uint8Array> {
    return (await functor.hash(vectors, options)).data
  }

  questions(functor: FullLshFunctor, options?: CallOptions): Record<string, () => Promise<unknown>> {
    return { hash: () => functor.hash(this.vectors(2), options) }
  }
}

/** Bits in which row `i` of `a` and row `j` of `b` differ. */
export function differingBits(a: BitBatch, i: number, b: BitBatch, j: number): number {
  let sum = 0
  for (let byte = 0; byte < a.stride; byte++) {
    for (let both = a.data[i * a.stride + byte]! ^ b.data[j * b.stride + byte]!; both > 0; both &= both - 1) sum++
  }
  return sum
}
