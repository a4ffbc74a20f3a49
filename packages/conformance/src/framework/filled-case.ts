// FilledCase: what a case works with where components are filled, put away and taken up again: indexes, sets, stores, matchers, models.
// The suite runs its groups on new components, on those that were put away and taken up again, and on those made again from their configuration.

import type { Component, ComponentConfig } from '@cbir/core'
import { fail } from './check.ts'
import { type ComponentCase, type Made, madeAgain, RERUNS } from './component-groups.ts'
import type { Random } from './random.ts'
import { type Group, registerGroups, type Scope, type SuiteOptions } from './suite.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** The options that all of these suites have. */
export interface FilledOptions extends SuiteOptions {
  readonly create: () => Made<Component>
  readonly capabilities?: readonly string[] | undefined
  /** Opens one over a directory: with what is stored there, or an empty one that keeps itself there. */
  readonly reopen?: ((directory: string) => Made<Component>) | undefined
  readonly fromConfig?: ((config: ComponentConfig) => Made<Component>) | undefined
}

interface Disposable extends Component {
  dispose(): Promise<void>
}

interface Savable extends Disposable {
  save(directory: string): Promise<void>
}

type Fill = (component: Component) => Promise<unknown>

/** Where the components of a run come from. `fill` is what the one of the case should have gone through before; without it a new one is wanted. */
export type Origin = (scope: Scope, fill?: Fill) => Promise<Component>

export abstract class FilledCase<C extends Component & { dispose(): Promise<void> }, O extends FilledOptions> implements ComponentCase {
  readonly options: O
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly scope: Scope
  private readonly from: Origin

  constructor(options: O, scope: Scope, from: Origin) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.scope = scope
    this.from = from
  }

  has(capability: NonNullable<O['capabilities']>[number]): boolean {
    return this.options.capabilities?.includes(capability) ?? false
  }

  /** A new component. It is disposed when the case ends. */
  async make(): Promise<C> {
    return this.keep(await this.from(this.scope))
  }

  /** A component that went through `fill` before it came to the case. */
  protected async after(fill: (component: C) => Promise<unknown>): Promise<C> {
    return this.keep(await this.from(this.scope, (component) => fill(component as C)))
  }

  async reopen(directory: string): Promise<C> {
    const { reopen } = this.options
    return reopen ? this.keep(await reopen(directory)) : fail('the suite has the option reopen: it is needed for what is persisted')
  }

  /** The component is disposed when the case ends. */
  keep(component: Component): C {
    const own = component as C
    this.defer(() => own.dispose())
    return own
  }

  directory(): Promise<string> {
    return temporaryDirectory(this.scope)
  }
}

/** Makes a group apply only with these abilities. */
export const withCapability =
  <O extends { readonly capabilities: readonly string[] }>(...wanted: O['capabilities'][number][]) =>
  ({ capabilities }: O): boolean =>
    wanted.every((one) => capabilities.includes(one))

/** How a component is put away and taken up again: saved to a directory, or kept in one from the beginning. */
export type PutAway = 'saved' | 'kept'

/** The groups of a run. */
export interface RunGroups<G> {
  readonly fresh: readonly G[]
  readonly reopened: readonly G[]
  readonly configured: readonly G[]
}

/** Registers the groups: on new components, on reopened ones, and on those made again from their configuration. */
export function registerFilledSuite<T, O extends FilledOptions>(
  title: string,
  options: O,
  { fresh, reopened, configured }: RunGroups<Group<T, O>>,
  putAway: PutAway,
  open: (scope: Scope, from: Origin) => T,
): void {
  const { runner, create, reopen, fromConfig } = options
  const register = (groups: readonly Group<T, O>[], from: Origin): void => registerGroups(groups, options, (scope) => open(scope, from))
  runner.group(options.name ?? title, () => {
    registerFresh(fresh, options, open)
    if (reopen) runner.group(RERUNS.reopened, () => register(reopened, putAway === 'saved' ? saving(create, reopen) : keeping(reopen)))
    if (fromConfig) {
      const again = async (): Promise<Component> => madeAgain(await create(), fromConfig)
      runner.group(RERUNS.configured, () => register(configured, filling(again)))
    }
  })
}

/** Registers the groups on new components only. */
export function registerFresh<T, O extends FilledOptions>(groups: readonly Group<T, O>[], options: O, open: (scope: Scope, from: Origin) => T): void {
  registerGroups(groups, options, (scope) => open(scope, filling(options.create)))
}

const filling =
  (create: () => Made<Component>): Origin =>
  async (_, fill) => {
    const component = await create()
    await fill?.(component)
    return component
  }

const saving =
  (create: () => Made<Component>, reopen: (directory: string) => Made<Component>): Origin =>
  async (scope, fill) => {
    const component = (await create()) as Savable
    if (!fill) return component
    scope.defer(() => component.dispose())
    await fill(component)
    const directory = await temporaryDirectory(scope)
    await component.save(directory)
    await component.dispose()
    return reopen(directory)
  }

const keeping =
  (reopen: (directory: string) => Made<Component>): Origin =>
  async (scope, fill) => {
    const directory = await temporaryDirectory(scope)
    const component = (await reopen(directory)) as Disposable
    await fill?.(component)
    await component.dispose()
    return reopen(directory)
  }
