// openRetrievalPipeline: a saved pipeline, with its components given, or made again by a registry.

import type { CallOptions } from '../component/call-options.ts'
import type { Component, ComponentConfig } from '../component/component.ts'
import type { OpenContainer } from '../component/directory-container.ts'
import { supports } from '../component/supports.ts'
import { Lifetime } from '../concurrency/lifetime.ts'
import type { Registry } from '../config/registry.ts'
import type { DescriptorGenerator } from '../descriptor-generator/descriptor-generator.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import { attachmentFile } from '../nearest-neighbors-index/index-files.ts'
import type { NearestNeighborsIndex, Persistable, RangeSearchable, Removable, Updatable } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import { createRetrievalPipeline, PIPELINE_ATTACHMENT, type PipelineComponents } from '../pipeline/create-retrieval-pipeline.ts'
import { type PipelineHeader, readPipelineHeader } from '../pipeline/item-table-file.ts'
import type { RetrievalPipeline } from '../pipeline/retrieval-pipeline.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'
import { directoryContainer } from './container/directory-container.ts'

/** An index whose abilities are known at run time only: `supports` tells. */
type OpenedIndex = NearestNeighborsIndex & Updatable & Removable & RangeSearchable & Persistable

/** The components of a saved pipeline; `index` is opened from the directory, by the caller or by the function given. */
export type SavedPipelineComponents<In, T, I extends NearestNeighborsIndex, M, Q> = Omit<PipelineComponents<In, T, I, M, Q>, 'index'> & {
  readonly index: I | ((directory: string) => Promise<I> | I)
}

/** A pipeline whose components a registry made: `dispose` refuses new calls, waits for those under way, and disposes them. */
export type OpenedPipeline<M> = RetrievalPipeline<unknown, unknown, M, OpenedIndex> & { dispose(): Promise<void> }

/**
 * Opens what `pipeline.save(directory)` wrote.
 *
 * With components, as they were when it was saved: `index` is an index that was opened from the directory, or a function that opens it, e.g.
 * `(directory) => flatIndex({ metric: 'cosine', directory })`. With a registry, the components are made from the configurations that were saved;
 * the plugin of the index must take a `directory`, and a query encoder must have been made by `encoder`, whose plugin is `descriptor-generator`.
 * @throws CbirError NOT_FOUND (nothing was saved there), CORRUPT_DATA, INVALID_CONFIG, FINGERPRINT_MISMATCH (another loader, extractor, options or
 * model); with a registry also NOT_SERIALIZABLE (a component was made in code without a configuration) and UNKNOWN_PLUGIN
 */
export function openRetrievalPipeline<M = Readonly<Record<string, unknown>>>(
  directory: string,
  components: { readonly registry: Registry },
  options?: CallOptions,
): Promise<OpenedPipeline<M>>
export function openRetrievalPipeline<In, T, I extends NearestNeighborsIndex, M = Readonly<Record<string, unknown>>, Q = In>(
  directory: string,
  components: SavedPipelineComponents<In, T, I, M, Q>,
  options?: CallOptions,
): Promise<RetrievalPipeline<In, Q, M, I>>
export async function openRetrievalPipeline(
  directory: string,
  components: { readonly registry: Registry } | SavedPipelineComponents<unknown, unknown, NearestNeighborsIndex, unknown, unknown>,
  options: CallOptions = {},
): Promise<unknown> {
  const header = await readHeader(directory, options)
  return 'registry' in components ? openFromRegistry(directory, components.registry, header, options) : openWith(directory, components)
}

async function openWith(
  directory: string,
  components: SavedPipelineComponents<unknown, unknown, NearestNeighborsIndex, unknown, unknown>,
): Promise<unknown> {
  const opened = typeof components.index === 'function'
  const index = typeof components.index === 'function' ? await components.index(directory) : components.index
  try {
    if (!supports(index, 'persist') || index.attachment(PIPELINE_ATTACHMENT) === undefined) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The ${index.name} was not opened from ${directory}. Create it with { directory }, or give a function that does.`,
      )
    }
    const pipeline = createRetrievalPipeline({ ...components, index })
    await pipeline.ready()
    return pipeline
  } catch (error) {
    if (opened) await index.dispose()
    throw error
  }
}

async function openFromRegistry(
  directory: string,
  registry: Registry,
  { components }: PipelineHeader,
  { signal }: CallOptions,
): Promise<OpenedPipeline<unknown>> {
  if (!components) {
    throw new CbirError(
      'NOT_SERIALIZABLE',
      `The pipeline in ${directory} was saved with components that have no configuration. Open it with openRetrievalPipeline(directory, { loader, extractor, index }).`,
    )
  }
  const made: Component[] = []
  const make = async <C extends Component>(config: unknown, kind: C['kind']): Promise<C> => {
    const component = await registry.fromConfig(config as ComponentConfig, kind, { signal })
    made.push(component)
    return component as Component as C
  }
  try {
    const loader = await make<VectorLoader>(components['loader'], 'vector-loader')
    const extractor = await make<FeatureExtractor>(components['extractor'], 'feature-extractor')
    const query = components['query'] === undefined ? undefined : await make<DescriptorGenerator>(components['query'], 'descriptor-generator')
    const saved = components['index'] as ComponentConfig
    const index = await make<OpenedIndex>({ ...saved, config: { ...saved.config, directory } }, 'nearest-neighbors-index')
    const pipeline = createRetrievalPipeline<unknown, unknown, OpenedIndex, unknown>({ loader, extractor, index, query })
    await pipeline.ready()
    return disposable(pipeline, () => disposeAll(made))
  } catch (error) {
    await disposeAll(made).catch(() => {}) // what went wrong first is what counts
    throw error
  }
}

/** The pipeline with a `dispose` that refuses new calls, waits for those under way, and then runs `close`. */
function disposable(pipeline: RetrievalPipeline<unknown, unknown, unknown, OpenedIndex>, close: () => Promise<void>): OpenedPipeline<unknown> {
  const lifetime = new Lifetime('The pipeline')
  return {
    index: pipeline.index,
    get count() {
      return pipeline.count
    },
    has: (id) => pipeline.has(id),
    metadata: (id) => pipeline.metadata(id),
    ready: () => lifetime.run(() => pipeline.ready()),
    build: (items, options) => lifetime.run(() => pipeline.build(items, options)),
    add: (items, options) => lifetime.run(() => pipeline.add(items, options)),
    remove: (ids, options) => lifetime.run(() => pipeline.remove(ids, options)),
    findSimilar: (query, k, options) => lifetime.run(() => pipeline.findSimilar(query, k, options)),
    save: (directory, options) => lifetime.run(() => pipeline.save(directory, options)),
    flush: (options) => lifetime.run(() => pipeline.flush(options)),
    dispose: () => lifetime.dispose(close),
  }
}

/** Disposes what was made last first. A failure does not spare the others; the first one is thrown. */
async function disposeAll(made: readonly Component[]): Promise<void> {
  const failures: unknown[] = []
  for (const component of made.toReversed()) {
    try {
      await (component as { dispose?(): Promise<void> }).dispose?.()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** The first line of the pipeline's table. @throws CbirError NOT_FOUND */
async function readHeader(directory: string, options: CallOptions): Promise<PipelineHeader> {
  const opened = await directoryContainer.open(directory, options)
  const file = attachmentFile(PIPELINE_ATTACHMENT)
  try {
    if (!opened?.files.some(({ name }) => name === file)) {
      throw new CbirError('NOT_FOUND', `There is no saved pipeline in ${directory}. Give the directory that pipeline.save(…) wrote.`)
    }
    return readPipelineHeader(await (opened as OpenContainer).read(file, options))
  } finally {
    await opened?.close()
  }
}
