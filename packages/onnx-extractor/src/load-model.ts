// Loading: from a path or bytes to a first worker that holds the session, with everything else that the extractor has to know of the model.

import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { CbirError } from '@cbir/core'
import { TimeSlice, toCbirError } from '@cbir/core/define'
import type { LoadReply, LoadRequest, ModelSource } from '../worker/protocol.mjs'
import { copySliced, runSliced } from './input/pack-items.ts'
import { type ExternalFile, locateExternalData } from './model/external-data.ts'
import { innerOutputSuffix } from './model/inner-output.ts'
import { nearNames } from './model/near-names.ts'
import { type OnnxModel, readOnnxModel } from './model/onnx-model.ts'
import { ModelWorker } from './pool/model-worker.ts'
import { WorkerPool } from './pool/worker-pool.ts'

export interface ModelChoices {
  readonly model: string | Uint8Array
  readonly output?: string | undefined
  readonly workers?: number | undefined
}

/** A model's outline, read off the event loop. */
export interface OpenedModel {
  readonly worker: ModelWorker
  readonly source: ModelSource
  readonly outline: OnnxModel
  readonly output: string
  readonly isInner: boolean
  readonly external: readonly ExternalFile[]
  /** SHA-256 of the model, then of each data file. */
  readonly digests: readonly string[]
}

/**
 * Starts a worker that reads the model, and reads its outline. Nothing runs yet.
 * @throws CbirError NOT_FOUND, IO_FAILED, INVALID_MODEL, INVALID_CONFIG for an output that does not exist, NOT_USABLE
 */
export async function openModel({ model, output }: ModelChoices): Promise<OpenedModel> {
  const shared = typeof model === 'string' ? undefined : await share(model)
  const path = typeof model === 'string' ? resolve(model) : undefined
  const worker = new ModelWorker()
  try {
    const source: ModelSource = shared ? { bytes: shared } : { path: path! }
    const { bytes, sha256 } = await worker.read({ source })
    const outline = await readOnnxModel(new Uint8Array(shared ?? bytes!))
    const external = await locateExternalData(path, outline.externalFiles)
    const chosen = await chooseOutput(outline, output)
    const digests = [sha256, ...(external.length > 0 ? await worker.hash({ paths: external.map((file) => file.path) }) : [])]
    return { worker, source: shared ? source : { path: path!, sha256 }, outline, external, digests, ...chosen }
  } catch (error) {
    await worker.close()
    throw toCbirError(error, 'IO_FAILED', 'The model could not be read')
  }
}

/** Makes the session in the first worker, and the pool around it. */
export async function loadModel(
  opened: OpenedModel,
  constants: LoadRequest['constants'],
  workers: number | undefined,
): Promise<{ pool: WorkerPool; loaded: LoadReply }> {
  const { worker, source, output, isInner, external } = opened
  const load = { source, external, output, constants, suffix: isInner ? innerOutputSuffix(output) : undefined }
  const loaded = await worker.load(load)
  return { loaded, pool: new WorkerPool({ first: worker, load, size: workers ?? availableParallelism() }) }
}

/** The caller's bytes in memory that all workers read; the caller keeps its own. */
async function share(bytes: Uint8Array): Promise<SharedArrayBuffer> {
  const shared = new SharedArrayBuffer(bytes.byteLength)
  const slice = new TimeSlice()
  await runSliced(copySliced(bytes, new Uint8Array(shared), slice), slice)
  return shared
}

async function chooseOutput(outline: OnnxModel, wanted: string | undefined): Promise<{ output: string; isInner: boolean }> {
  const names = outline.outputs.map(({ name }) => name)
  const listed = names.map((name) => `"${name}"`).join(', ')
  if (wanted === undefined) {
    const [only] = names
    if (names.length === 1 && only !== undefined) return { output: only, isInner: false }
    throw new CbirError(
      'INVALID_CONFIG',
      `The model has ${names.length} outputs: ${listed}. Choose one with \`output\`, or name any tensor inside the model.`,
      {
        details: { outputs: names },
      },
    )
  }
  if (names.includes(wanted)) return { output: wanted, isInner: false }
  if (outline.tensors.some(({ name }) => name === wanted)) return { output: wanted, isInner: true }
  const near = await nearNames(wanted, [...names, ...outline.tensors.map(({ name }) => name)])
  throw new CbirError(
    'INVALID_CONFIG',
    `The model has no tensor "${wanted}". The nearest names are ${near.map((name) => `"${name}"`).join(', ')}; its outputs are ${listed}.`,
    { details: { near, outputs: names } },
  )
}
