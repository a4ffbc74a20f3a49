// Probe: where a model does not say the shape of its output, one run with zeros shows it.

import { CbirError } from '@cbir/core'
import { type InputPlan, shapeText } from '../input/plan-inputs.ts'
import type { ModelWorker } from '../pool/model-worker.ts'

/** Room for the widest number. */
const WIDEST = 8

/**
 * The shape of the output for one item, without the batch axis.
 * @throws CbirError INVALID_CONFIG where the inputs' shapes are open, or the model fails
 */
export async function probeShape(worker: ModelWorker, plan: InputPlan, output: string): Promise<readonly number[]> {
  const rows = plan.fixedBatch ?? 1
  let offset = 0
  const inputs = plan.items.map(({ name, type, shape }) => {
    if (!shape || shape.some((n) => typeof n === 'string')) {
      const axes = shape ? `has the open axes ${shapeText(shape)}` : 'may have any shape'
      throw unknown(output, `an item of the input "${name}" ${axes}, so it cannot be tried out`)
    }
    const dims = shape as readonly number[]
    const size = dims.reduce((product, n) => product * n, rows)
    const input = {
      name,
      from: type,
      to: type,
      dims,
      offset,
      ...(type === 'string' ? { strings: Array.from<string>({ length: size }).fill('') } : {}),
    }
    offset += size * WIDEST
    return input
  })
  try {
    const { shape } = await worker.run(
      {
        buffer: new ArrayBuffer(offset),
        inputs,
        count: rows,
        perRun: rows,
        batched: plan.batched,
        reduction: { pooling: 'none', channelsLast: true, normalise: 'none' },
      },
      () => {},
    )
    return plan.batched ? shape.slice(1) : shape
  } catch (cause) {
    throw unknown(output, `a try with zeros failed (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
}

function unknown(output: string, why: string, cause?: unknown): CbirError {
  return new CbirError(
    'INVALID_CONFIG',
    `The model does not say how many numbers "${output}" has, and ${why}. Set \`dimensions\` to the length of a row (and \`layout\` for global average pooling).`,
    cause === undefined ? {} : { cause },
  )
}
