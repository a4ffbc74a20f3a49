// Output plan: how many numbers the chosen output and pooling give for an item, as far as its shape is known.

import { CbirError } from '@cbir/core'
import type { Reduction } from '../../worker/protocol.mjs'
import { type InputPlan, shapeText } from '../input/plan-inputs.ts'
import type { OnnxDimension } from '../model/onnx-model.ts'

export interface OutputChoices {
  readonly pooling: Reduction['pooling']
  readonly layout?: 'nchw' | 'nhwc' | undefined
  readonly mask?: string | undefined
  readonly normalise: Reduction['normalise']
}

export interface OutputPlan {
  readonly reduction: Reduction
  /** Numbers a row; undefined where the shape leaves it open. */
  readonly dimensions: number | undefined
}

/** What people's exporters call the input that says which tokens count. */
const USUAL_MASK = 'attention_mask'

/**
 * @param shape of the output for one item, without the batch axis; undefined where unknown
 * @returns undefined where the layout has to be known first and the shape leaves it open
 * @throws CbirError INVALID_CONFIG
 */
export function planOutput(shape: readonly OnnxDimension[] | undefined, choices: OutputChoices, inputs: InputPlan): OutputPlan | undefined {
  const { pooling, normalise } = choices
  if (shape) checkRank(shape, pooling)
  const mask = maskInput(choices, inputs)
  if (pooling === 'global-average') {
    const channelsLast = choices.layout === undefined ? guessChannelsLast(shape) : choices.layout === 'nhwc'
    if (channelsLast === undefined) return undefined
    return { reduction: { pooling, channelsLast, normalise }, dimensions: known(shape?.[channelsLast ? shape.length - 1 : 0]) }
  }
  const reduction = { pooling, channelsLast: true, mask, normalise }
  if (pooling !== 'none') return { reduction, dimensions: known(shape?.at(-1)) }
  const open = shape === undefined || shape.some((n) => typeof n === 'string')
  return { reduction, dimensions: open ? undefined : (shape as readonly number[]).reduce((product, n) => product * n, 1) }
}

/** The error for a shape whose layout cannot be told. */
export function unknownLayout(shape: readonly OnnxDimension[]): CbirError {
  return new CbirError(
    'INVALID_CONFIG',
    `Global average pooling must know which axis of the output holds the channels, and an item's shape ${shapeText(shape)} does not tell. Set \`layout\` to "nchw" (channels first) or "nhwc" (last).`,
  )
}

function known(dimension: OnnxDimension | undefined): number | undefined {
  return typeof dimension === 'number' ? dimension : undefined
}

const RANKS: Readonly<Record<Reduction['pooling'], { readonly fits: (rank: number) => boolean; readonly wants: string }>> = {
  none: { fits: () => true, wants: 'any shape' },
  'global-average': { fits: (rank) => rank >= 2, wants: 'channels and at least one axis of space' },
  cls: { fits: (rank) => rank === 2, wants: 'tokens × features' },
  'mean-tokens': { fits: (rank) => rank === 2, wants: 'tokens × features' },
}

function checkRank(shape: readonly OnnxDimension[], pooling: Reduction['pooling']): void {
  const { fits, wants } = RANKS[pooling]
  if (fits(shape.length)) return
  throw new CbirError(
    'INVALID_CONFIG',
    `Pooling "${pooling}" wants ${wants} for each item, but the output has shape ${shapeText(shape)} an item. Choose another pooling ("none" takes the output as it is) or another output.`,
  )
}

function maskInput({ pooling, mask }: OutputChoices, inputs: InputPlan): string | undefined {
  if (mask === undefined) return pooling === 'mean-tokens' && inputs.items.some(({ name }) => name === USUAL_MASK) ? USUAL_MASK : undefined
  if (pooling !== 'mean-tokens')
    throw new CbirError('INVALID_CONFIG', `\`mask\` is used by the pooling "mean-tokens" only, not by "${pooling}". Leave it out.`)
  if (inputs.items.some(({ name }) => name === mask)) return mask
  throw new CbirError(
    'INVALID_CONFIG',
    `\`mask\` names "${mask}", which is not among the inputs that an item fills: ${inputs.items.map(({ name }) => name).join(', ')}.`,
  )
}

/** In the output of a convolution the axes of space are mostly equal and the channels differ from them. */
function guessChannelsLast(shape: readonly OnnxDimension[] | undefined): boolean | undefined {
  if (!shape || shape.some((n) => typeof n === 'string')) return undefined
  const equal = (axes: readonly OnnxDimension[]): boolean => axes.every((n) => n === axes[0])
  const first = equal(shape.slice(1)) && shape[0] !== shape[1]
  const last = equal(shape.slice(0, -1)) && shape.at(-1) !== shape[0]
  return first === last ? undefined : last
}
