// What the configurations of all functors here have alike.

import type { LshFunctor, TrainableLshFunctor } from '@cbir/core'
import { defineLshFunctor, type LshFunctorDriver, openLshFunctor, type PersistableModel } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { z } from 'zod'
import type { Implementation } from '../lsh-addon.ts'
import { NORMALIZATIONS, type Normalization } from './normalization.ts'

/** Bits a code at most. */
export const MOST_BITS = 1024

/** Options of every functor. */
export interface FunctorConfig {
  /** Bits a code, 1 to 1024; 64 where not given. */
  readonly bits: number
  /** What vectors are divided by first; `none` where not given. */
  readonly normalize: Normalization
  /** Where random numbers begin; 0 where not given. */
  readonly seed: number
  /** `auto` (where not given): native code if there is a binary for this platform, else TypeScript. */
  readonly implementation: Implementation
  /** A directory that the model lives in: opened if something is there, written by a training. Without it, memory only. */
  readonly directory?: string | undefined
}

/** A functor with every ability. */
export type TrainedLshFunctor = LshFunctor & TrainableLshFunctor & PersistableModel

type Choice<T extends string> = z.ZodDefault<z.ZodEnum<{ [K in T]: K }>>

/** The fields of {@link FunctorConfig} for a schema. */
export const functorFields: {
  readonly bits: z.ZodDefault<z.ZodNumber>
  readonly normalize: Choice<Normalization>
  readonly seed: z.ZodDefault<z.ZodNumber>
  readonly implementation: Choice<Implementation>
  readonly directory: z.ZodOptional<z.ZodString>
} = {
  bits: z.number().int().min(1).max(MOST_BITS).default(64),
  normalize: z.enum(NORMALIZATIONS as [Normalization, ...Normalization[]]).default('none'),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  implementation: z.enum(['auto', 'native', 'typescript']).default('auto'),
  directory: z.string().min(1).optional(),
}

/** A functor over a driver, with its directory where the configuration names one. */
export async function makeFunctor<M>(name: string, config: FunctorConfig, driver: LshFunctorDriver<M>): Promise<TrainedLshFunctor> {
  const identity = { name, package: '@cbir/lsh', config: { ...config } }
  const storage = { container: directoryContainer }
  if (config.directory === undefined) return defineLshFunctor(identity, driver, storage)
  return openLshFunctor(identity, driver, { ...storage, directory: config.directory })
}
