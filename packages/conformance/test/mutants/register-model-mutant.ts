// The options of a suite for one wrong component: without files, unless it is in its files that it is wrong.

import { CbirError, type ComponentConfig } from '@cbir/core'
import type { ModelMutant, Trained } from './model-mutants.ts'
import { variant } from './run-mutants.ts'

export interface ModelMutantOptions<C, A extends string> {
  readonly patience: number
  readonly create: () => C
  readonly capabilities: readonly (A | 'persist')[]
  readonly reopen?: (directory: string) => Promise<C>
  readonly fromConfig?: (config: ComponentConfig) => C
}

/** The reference without files, so that a mutant has to be wrong in one way only. */
function withoutFiles<C extends Trained>(component: C, ability: string): C {
  const save = async (): Promise<never> => {
    throw new CbirError('NOT_SUPPORTED', 'this one does not save')
  }
  return variant(component, { capabilities: new Set([ability]), save } as unknown as Partial<C>)
}

export function registerMutant<C extends Trained, A extends string>(
  { stored, make = (component) => component, open, fromConfig = (component) => component }: ModelMutant<C>,
  ability: A,
  reference: () => C,
  openReference: (directory: string) => Promise<C>,
): ModelMutantOptions<C, A> {
  if (!stored) {
    const bare = (): C => withoutFiles(reference(), ability)
    return { patience: 1500, create: () => make(bare(), bare), capabilities: [ability] }
  }
  return {
    patience: 1500,
    create: () => make(reference(), reference),
    capabilities: [ability, 'persist'],
    reopen: async (directory) => make(await (open?.(directory, openReference, reference) ?? openReference(directory)), reference),
    fromConfig({ config }) {
      if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
      return fromConfig(make(reference(), reference))
    },
  }
}
