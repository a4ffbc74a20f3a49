// extractRows: one call, split into jobs for the workers and put together again in order.

import { type CallOptions, CbirError, type VectorBatch } from '@cbir/core'
import { onAbort, TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { Reduction } from '../worker/protocol.mjs'
import { type CheckedTensor, checkItem } from './input/check-item.ts'
import { packItems } from './input/pack-items.ts'
import type { InputPlan } from './input/plan-inputs.ts'
import type { OnnxInput } from './onnx-input.ts'
import type { WorkerPool } from './pool/worker-pool.ts'

export interface ExtractPlan {
  readonly inputs: InputPlan
  readonly pool: WorkerPool
  readonly reduction: Reduction
  readonly dimensions: number
  readonly batchSize: number
}

/** Jobs a worker that a call may have copied and not finished: one runs, one waits. More would only hold memory. */
const JOBS_AHEAD = 2

/**
 * One row for each item. Up to `2 × workers` runs are copied before the call gives out its promise (as far as that takes no longer than a slice).
 * @throws CbirError INVALID_ARGUMENT, DIMENSION_MISMATCH, EXTRACT_FAILED, ROW_MISMATCH, ABORTED
 */
export async function extractRows(items: readonly OnnxInput[], plan: ExtractPlan, { signal, onProgress }: CallOptions): Promise<VectorBatch> {
  const { pool, inputs, reduction, dimensions } = plan
  const slice = new TimeSlice()
  const checked: CheckedTensor[][] = []
  for (const [i, item] of items.entries()) {
    checked.push(checkItem(item, i, inputs))
    if (slice.due()) await slice.pause()
  }
  const data = new Float32Array(items.length * dimensions)
  const running = new Set<Promise<void>>()
  const stop = new AbortController()
  const forget = signal && onAbort(signal, () => stop.abort(signal.reason))
  let done = 0
  try {
    for (let from = 0, to = 0; from < items.length; from = to) {
      to = endOfJob(checked, from, jobSize(items.length, plan))
      if (running.size >= JOBS_AHEAD * pool.size) await Promise.race(running)
      const perRun = inputs.fixedBatch ?? to - from
      const packing = packItems(checked.slice(from, to), Math.ceil((to - from) / perRun) * perRun, inputs, (bytes) => pool.buffer(bytes), slice)
      let packed = packing.next()
      while (!packed.done) {
        await slice.pause()
        packed = packing.next()
      }
      throwIfAborted(signal)
      const job = { ...packed.value, count: to - from, perRun, batched: inputs.batched, reduction, dimensions }
      const began = from
      const ended = to
      const run = pool.run(job, stop.signal).then(
        ({ rows }) => {
          data.set(new Float32Array(rows), began * dimensions)
          done += ended - began
          running.delete(run)
          onProgress?.({ done, total: items.length })
        },
        (error: unknown) => {
          throw placed(error, began, ended)
        },
      )
      // The error reaches the caller through `race` or `all`; until then it must not count as unhandled.
      run.catch(() => {})
      running.add(run)
    }
    await Promise.all(running)
  } catch (error) {
    // What still waits leaves the queue; what runs is dropped.
    stop.abort(error)
    throwIfAborted(signal)
    throw error
  } finally {
    forget?.()
  }
  return { data, count: items.length, dimensions }
}

/** Items a job: few enough that every worker has some, whole runs where the model fixes their size. */
function jobSize(count: number, { pool, batchSize, inputs: { fixedBatch = 1 } }: ExtractPlan): number {
  const even = Math.min(batchSize, Math.ceil(count / pool.size))
  return Math.ceil(even / fixedBatch) * fixedBatch
}

/** Where the job that begins at `from` ends: after `most` items, or before one of another shape or type. */
function endOfJob(items: readonly (readonly CheckedTensor[])[], from: number, most: number): number {
  const first = items[from]!
  let to = from + 1
  while (to < items.length && to - from < most && items[to]!.every((tensor, j) => isAlike(tensor, first[j]!))) to++
  return to
}

function isAlike(a: CheckedTensor, b: CheckedTensor): boolean {
  return a.tensor.dtype === b.tensor.dtype && a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i])
}

/** Says which items of the call an error speaks of. */
function placed(error: unknown, from: number, to: number): unknown {
  if (!CbirError.isInstance(error) || error.code === 'ABORTED') return error
  const which = to - from === 1 ? `Input ${from}` : `Inputs ${from} to ${to - 1}`
  return new CbirError(error.code, `${which}: ${error.message}`, { cause: error, details: { from, to } })
}
