// From a normal form to the component: inner components first, and nothing left behind when one of them fails.

import type { CallOptions } from '../component/call-options.ts'
import { API_VERSION, type Component, type ComponentConfig } from '../component/component.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { BuiltFields, type ComponentField, componentFields, valuesOf } from './component-field.ts'
import { isComponent } from './is-component.ts'
import { joinPath } from './json-data.ts'
import type { Plugin, Usability } from './plugin.ts'
import type { PluginTable } from './plugin-table.ts'

/** What a build needs to know of one component. */
interface Node {
  readonly plugin: Plugin
  readonly config: Readonly<Record<string, unknown>>
  /** Path from the root's configuration, for messages; '' for the root. */
  readonly at: string
  readonly inner: readonly { readonly of: ComponentField; readonly nodes: readonly Node[] }[]
}

interface Disposable {
  dispose?: (() => Promise<void> | void) | undefined
}

/** A component as it comes from a plugin; most can be disposed, none must. */
type Made = Component & Disposable

/**
 * Builds the component of a normal form. It owns the components that were built for it: its `dispose` disposes them after itself.
 * @throws CbirError NOT_USABLE (before anything is built), ADAPTER_FAULT, ABORTED, and what a plugin's `create` throws
 */
export async function buildComponent(
  table: PluginTable,
  config: ComponentConfig,
  kind: string | undefined,
  { signal }: Pick<CallOptions, 'signal'>,
): Promise<Component> {
  const root = nodeOf(table, config, kind, '')
  await checkUsable(root, new Map())
  return build(root, signal)
}

function nodeOf(table: PluginTable, config: ComponentConfig, kind: string | undefined, at: string): Node {
  const plugin = table.find(kind, config.type, config.package)
  const configAt = at === '' ? '' : joinPath(at, 'config')
  const inner = componentFields(plugin).flatMap((of) => {
    const value = config.config[of.field]
    if (value === undefined || value === null) return []
    const values = valuesOf(value, joinPath(configAt, of.field), of.list)
    return [{ of, nodes: values.map(([one, path]) => nodeOf(table, one as ComponentConfig, of.kind, path)) }]
  })
  return { plugin, config: config.config, at, inner }
}

const label = ({ plugin, at }: Node): string => `${plugin.kind} "${plugin.name}" (${plugin.package})${at === '' ? '' : ` at ${at}`}`

async function checkUsable(node: Node, asked: Map<Plugin, Usability>): Promise<void> {
  const usability = asked.get(node.plugin) ?? (await usabilityOf(node.plugin))
  asked.set(node.plugin, usability)
  if (!usability.usable) throw new CbirError('NOT_USABLE', `${label(node)} cannot be used here: ${usability.reason}`, { details: { path: node.at } })
  for (const { nodes } of node.inner) for (const inner of nodes) await checkUsable(inner, asked)
}

/** What the plugin says of itself; one that throws is not usable, and one that does not say is. */
export async function usabilityOf(plugin: Plugin): Promise<Usability> {
  try {
    const said = (await plugin.usability?.()) ?? { usable: true }
    if (said.usable === true) return said
    return { usable: false, reason: typeof said.reason === 'string' ? said.reason : 'the plugin gives no reason.' }
  } catch (error) {
    return { usable: false, reason: `asking it failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function build(node: Node, signal: AbortSignal | undefined): Promise<Made> {
  const made: Made[] = []
  const built = new BuiltFields<Made>()
  try {
    for (const { of, nodes } of node.inner) {
      const components: Made[] = []
      for (const inner of nodes) {
        const component = await build(inner, signal)
        made.push(component)
        components.push(component)
      }
      built.set(of, components)
    }
    throwIfAborted(signal)
    const owned = [...made]
    const component = await create(node, built)
    made.push(component)
    checkComponent(node, component)
    throwIfAborted(signal)
    disposeTogether(node, component, owned)
    return component
  } catch (error) {
    await disposeAll(made)
    throw error
  }
}

async function create(node: Node, built: BuiltFields): Promise<Made> {
  try {
    return await node.plugin.create(node.config, built.single, built.lists)
  } catch (error) {
    const known = toCbirError(error, 'ADAPTER_FAULT', `${label(node)} could not be made`)
    throw node.at === '' ? known : withDetails(known, { path: node.at })
  }
}

function checkComponent(node: Node, component: unknown): void {
  if (!isComponent(component) || component.kind !== node.plugin.kind) {
    const got = isComponent(component) ? `a ${component.kind}` : describeType(component)
    throw new CbirError(
      'ADAPTER_FAULT',
      `${label(node)} made ${got}; its create must give a ${node.plugin.kind} with kind, name, apiVersion and toConfig.`,
    )
  }
  if (component.apiVersion !== API_VERSION) {
    throw new CbirError(
      'API_VERSION_MISMATCH',
      `${label(node)} made a component for version ${String(component.apiVersion)} of the interfaces, not ${API_VERSION}.`,
    )
  }
}

/** Who creates, disposes: nobody else holds the inner components, so the outer one's `dispose` takes them with it. */
function disposeTogether(node: Node, component: Made, owned: readonly Disposable[]): void {
  if (!owned.some((inner) => typeof inner.dispose === 'function')) return
  const own = component.dispose
  const inOrder: readonly Disposable[] = [...owned, { dispose: () => own?.call(component) }]
  let disposal: Promise<void> | undefined
  const dispose = (): Promise<void> => {
    disposal ??= disposeAll(inOrder).then(([failure]) => {
      if (failure) throw failure.error
    })
    return disposal
  }
  if (!Reflect.defineProperty(component, 'dispose', { value: dispose, configurable: true, enumerable: true, writable: true })) {
    throw new CbirError(
      'ADAPTER_FAULT',
      `${label(node)} is frozen, so its dispose cannot take the components with it that were built for it. Do not freeze it.`,
    )
  }
}

/** Disposes in the opposite order of creation. A failure does not spare the others; gives every failure, the first one first. */
async function disposeAll(components: readonly (Disposable | undefined)[]): Promise<{ readonly error: unknown }[]> {
  const failures: { readonly error: unknown }[] = []
  for (const component of [...components].reverse()) {
    try {
      await component?.dispose?.()
    } catch (error) {
      failures.push({ error })
    }
  }
  return failures
}
