// onnxExtractor: features from any ONNX model and any tensor inside it, computed by onnxruntime in worker threads.

import { createHash } from 'node:crypto'
import { CbirError, defineFeatureExtractor, definePlugin, type FeatureExtractor, type PluginFactory } from '@cbir/core'
import { configSchema, type OnnxExtractorConfig, type ResolvedOnnxExtractorConfig } from './config.ts'
import { defaultBatchSize } from './default-batch-size.ts'
import { extractRows } from './extract-rows.ts'
import { type InputPlan, planInputs } from './input/plan-inputs.ts'
import { loadModel, type OpenedModel, openModel } from './load-model.ts'
import type { OnnxInput } from './onnx-input.ts'
import { type OutputPlan, planOutput, unknownLayout } from './output/plan-output.ts'
import { probeShape } from './output/probe-shape.ts'
import type { WorkerPool } from './pool/worker-pool.ts'
import { usability } from './usability.ts'

const NAME = 'onnx-extractor'
const PACKAGE = '@cbir/onnx-extractor'
/** Goes up when the same model and options would give other numbers. */
const ALGORITHM = 1

/**
 * Makes a `FeatureExtractor` from an ONNX model.
 * @example const extractor = await onnxExtractor({ model: 'squeezenet.onnx', output: 'features', normalise: 'l2' })
 * @throws CbirError INVALID_CONFIG, INVALID_MODEL, NOT_FOUND, IO_FAILED, NOT_SUPPORTED, NOT_USABLE
 */
export const onnxExtractor: PluginFactory<OnnxExtractorConfig, ResolvedOnnxExtractorConfig, Promise<FeatureExtractor<OnnxInput>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: NAME,
  package: PACKAGE,
  configSchema,
  usability,
  create,
})

async function create(config: ResolvedOnnxExtractorConfig): Promise<FeatureExtractor<OnnxInput>> {
  const opened = await openModel(config)
  try {
    const inputs = planInputs(opened.outline.inputs, config)
    const { pool, loaded } = await loadModel(opened, inputs.constants, config.workers)
    checkOutputType(opened, loaded)
    const plan = await completePlan(config, opened, inputs, loaded.shape)
    return define(config, { opened, inputs, pool, plan, runtime: loaded.runtime })
  } catch (error) {
    await opened.worker.close()
    throw error
  }
}

function define(
  config: ResolvedOnnxExtractorConfig,
  parts: { opened: OpenedModel; inputs: InputPlan; pool: WorkerPool; plan: CompletePlan; runtime: string },
): FeatureExtractor<OnnxInput> {
  const { opened, inputs, pool, plan, runtime } = parts
  const { output } = opened
  const { input, constants, cast, batched } = config
  const batchSize = config.batchSize ?? defaultBatchSize(inputs)
  const what = { algorithm: ALGORITHM, runtime, digests: opened.digests, output, input, constants, cast, batched, ...plan }
  return defineFeatureExtractor<OnnxInput>(
    { name: NAME, package: PACKAGE, config: { ...config } },
    {
      dimensions: plan.dimensions,
      fingerprint: createHash('sha256').update(JSON.stringify(what)).digest('hex'),
      space: config.space,
      // As many as keep every worker busy.
      batchSize: batchSize * pool.size,
      extract: (items, options) => extractRows(items, { inputs, pool, batchSize, ...plan }, options),
      close: () => pool.close(),
    },
  )
}

function checkOutputType({ output, outline }: OpenedModel, { isTensor, type }: { isTensor: boolean; type?: string | undefined }): void {
  if (isTensor && type !== 'string') return
  const tensors = outline.outputs.filter((value) => value.isTensor && value.type !== 'string' && value.name !== output).map(({ name }) => `"${name}"`)
  const others =
    tensors.length > 0
      ? `Choose one of ${tensors.join(', ')} with \`output\`.`
      : 'Export the model with a numeric tensor output (for scikit-learn: without ZipMap).'
  throw new CbirError('NOT_SUPPORTED', `The output "${output}" is ${isTensor ? 'text' : 'a sequence or map'} and not a tensor of numbers. ${others}`)
}

interface CompletePlan extends OutputPlan {
  readonly dimensions: number
}

/** Numbers a row from the model, else from a try with zeros, else from the configuration. */
async function completePlan(
  config: ResolvedOnnxExtractorConfig,
  { worker, output }: OpenedModel,
  inputs: InputPlan,
  declared: readonly (number | string)[] | undefined,
): Promise<CompletePlan> {
  // onnxruntime gives no axes both for a single number and for a shape that it does not know.
  const shape = declared && declared.length > 0 ? (config.batched ? declared.slice(1) : declared) : undefined
  let plan = planOutput(shape, config, inputs)
  if (plan?.dimensions === undefined && (config.dimensions === undefined || !plan)) {
    const probed = await probeShape(worker, inputs, output)
    plan = planOutput(probed, config, inputs)
    if (!plan) throw unknownLayout(probed)
  }
  const found = plan?.dimensions ?? config.dimensions
  if (!plan || found === undefined) throw new CbirError('INVALID_CONFIG', 'The number of dimensions is unknown. Set `dimensions`.')
  if (config.dimensions !== undefined && found !== config.dimensions) {
    throw new CbirError(
      'DIMENSION_MISMATCH',
      `The model gives rows of ${found} numbers for "${output}", but \`dimensions\` is ${config.dimensions}. Leave it out.`,
    )
  }
  return { ...plan, dimensions: found }
}
