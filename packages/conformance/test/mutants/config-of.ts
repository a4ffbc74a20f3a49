// The option fromConfig of a suite for one wrong component.

import { CbirError, type ComponentConfig } from '@cbir/core'

/** `fromConfig` that gives what `change` makes of a new component; nothing without `change`. */
export function configOf<C>(change: ((component: C) => C) | undefined, create: () => C): { readonly fromConfig?: (config: ComponentConfig) => C } {
  if (!change) return {}
  return {
    fromConfig({ config }) {
      if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
      return change(create())
    },
  }
}

/** A component as it is. */
export const same = <C>(component: C): C => component
