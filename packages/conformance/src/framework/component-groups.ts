// Groups that every component has: what it says of itself, and that it can be made again from data.

import { CbirError, type Component, type ComponentConfig } from '@cbir/core'
import { ok, same, sameData, throws } from './check.ts'
import type { Group, Scope, SuiteOptions } from './suite.ts'

export type Made<T> = T | Promise<T>

/** Names of the groups that hold a whole rerun. */
export const RERUNS = { reopened: 'closed and reopened', configured: 'made again from its configuration' } as const

/** What these groups ask of a case. */
export interface ComponentCase extends Scope {
  readonly options: { readonly fromConfig?: ((config: ComponentConfig) => Made<Component>) | undefined }
  /** A component as the suite's options make it; cleaned up after the case. */
  make(): Promise<Component>
}

const asText = (config: ComponentConfig): ComponentConfig => JSON.parse(JSON.stringify(config))

const disposed = async (component: Component): Promise<unknown> => (component as { dispose?(): Promise<void> }).dispose?.()

/** The component that its configuration makes; the first one is disposed. */
export async function madeAgain<C extends Component>(component: C, fromConfig: (config: ComponentConfig) => Made<C>): Promise<C> {
  const config = asText(component.toConfig())
  await disposed(component)
  return fromConfig(config)
}

/** Group `component`. `more` are cases of the kind. */
export function componentGroup<T extends ComponentCase, O extends SuiteOptions>(kind: string, more: Group<T, O>['cases'] = {}): Group<T, O> {
  return {
    name: 'component',
    rule: 'a component says its kind, its name and the version of the interfaces that it was written for',
    cases: {
      'it is a component of its kind': async (t) => {
        const component = await t.make()
        same(component.kind, kind, 'kind')
        same(component.apiVersion, 1, 'apiVersion')
        ok(typeof component.name === 'string' && component.name !== '', 'name is a text')
        ok(typeof component.toConfig === 'function', 'toConfig is a function')
      },
      ...more,
    },
  }
}

/** Group `configuration`. `more` are cases of the kind. */
export function configurationGroup<T extends ComponentCase, O extends SuiteOptions>(more: Group<T, O>['cases'] = {}): Group<T, O> {
  return {
    name: 'configuration',
    rule: 'config is always data: fromConfig(toConfig()) gives an equal component; what JSON cannot hold makes toConfig throw NOT_SERIALIZABLE',
    cases: {
      'toConfig gives data, or NOT_SERIALIZABLE': async (t) => {
        const component = await t.make()
        let config: ComponentConfig
        try {
          config = component.toConfig()
        } catch (error) {
          ok(CbirError.isInstance(error, 'NOT_SERIALIZABLE'), 'toConfig throws nothing but NOT_SERIALIZABLE')
          ok(!t.options.fromConfig, 'what is made from data can be written as data')
          return
        }
        sameData(asText(config), config, 'the configuration after a round trip through JSON')
        sameData(Object.keys(config).sort(), ['config', 'package', 'type'], 'keys of the configuration')
      },
      'made again it has the same configuration': async (t) => {
        const { fromConfig } = t.options
        if (!fromConfig) return
        const first = await t.make()
        const config = first.toConfig()
        await disposed(first) // it may hold a file that only one can have
        const again = await fromConfig(asText(config))
        t.defer(() => disposed(again))
        sameData(again.toConfig(), config, 'toConfig of fromConfig(toConfig())')
      },
      'an unknown option is refused': async (t) => {
        const { fromConfig } = t.options
        if (!fromConfig) return
        const first = await t.make()
        const config = first.toConfig()
        await disposed(first)
        const unknown = { ...config, config: { ...config.config, 'no such option': 1 } }
        await throws(() => fromConfig(unknown), 'INVALID_CONFIG', 'an unknown option')
      },
      ...more,
    },
  }
}
