// Packing: the items of a job, copied one after another into one buffer that is handed to a worker. The caller keeps its memory.

import { CbirError, type Tensor } from '@cbir/core'
import type { TimeSlice } from '@cbir/core/define'
import type { PackedInput } from '../../worker/protocol.mjs'
import { ONNX_TYPE_OF } from '../model/element-type.ts'
import type { CheckedTensor } from './check-item.ts'
import type { InputPlan } from './plan-inputs.ts'

/** Bytes between two looks at the clock: about a tenth of a millisecond. */
const STEP = 1 << 20
/** Every input begins on a boundary that fits the widest numbers. */
const ALIGNMENT = 8

type Numbers = Exclude<Tensor['data'], readonly string[]>

export interface PackedJob {
  readonly buffer: ArrayBuffer
  readonly inputs: readonly PackedInput[]
}

/**
 * Copies `items` (all of one shape and type) into a buffer from `take`, with room for `rows` items; what is beyond them is zero.
 * It yields where the slice is over and the event loop should have a turn; until then it runs in one go, so that a call of ordinary size is
 * copied whole before it gives out its promise.
 * @throws CbirError INVALID_ARGUMENT where an array was transferred or shrunk meanwhile
 */
export function* packItems(
  items: readonly (readonly CheckedTensor[])[],
  rows: number,
  plan: InputPlan,
  take: (bytes: number) => ArrayBuffer,
  slice: TimeSlice,
): Generator<void, PackedJob, void> {
  const inputs: PackedInput[] = []
  let bytes = 0
  for (const [j, { name, type }] of plan.items.entries()) {
    const { tensor, shape } = items[0]![j]!
    const head = { name, from: ONNX_TYPE_OF[tensor.dtype], to: type, dims: shape, offset: bytes }
    if (tensor.dtype === 'string') {
      const filling = Array.from<string>({ length: (rows - items.length) * tensor.data.length }).fill('')
      inputs.push({ ...head, strings: [...items.flatMap((item) => item[j]!.tensor.data as readonly string[]), ...filling] })
    } else {
      inputs.push(head)
      bytes += Math.ceil((rows * sizeOf(items[0]![j]!)) / ALIGNMENT) * ALIGNMENT
    }
  }
  const buffer = take(bytes)
  for (const [j, input] of inputs.entries()) {
    if (input.strings) continue
    let at = input.offset
    for (const item of items) {
      const { data } = item[j]!.tensor as { data: Numbers }
      const size = sizeOf(item[j]!)
      yield* copySliced(data, new Uint8Array(buffer, at, size), slice)
      at += size
    }
    const end = inputs[j + 1]?.offset ?? bytes
    new Uint8Array(buffer, at, end - at).fill(0)
  }
  return { buffer, inputs }
}

/** Bytes of an item, by its shape: its array may have gone since it was checked. */
function sizeOf({ tensor, shape }: CheckedTensor): number {
  return shape.reduce((product, n) => product * n, (tensor.data as Numbers).BYTES_PER_ELEMENT)
}

/** Copies the bytes of an array, and yields where the slice is over. @throws CbirError INVALID_ARGUMENT where the array is not as long as `to` */
export function* copySliced(from: ArrayBufferView, to: Uint8Array, slice: TimeSlice): Generator<void, void, void> {
  for (let at = 0; at < to.length; at += STEP) {
    if (slice.due()) yield
    if (from.byteLength !== to.length) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        'An array was transferred or changed its size while it was being copied. Leave it alone until the call settles.',
      )
    }
    to.set(new Uint8Array(from.buffer, from.byteOffset + at, Math.min(STEP, to.length - at)), at)
  }
}

/** Runs sliced work; the first stretch at once. */
export async function runSliced<T>(work: Generator<void, T, void>, slice: TimeSlice): Promise<T> {
  let step = work.next()
  while (!step.done) {
    await slice.pause()
    step = work.next()
  }
  return step.value
}
