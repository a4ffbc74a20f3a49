// The addon of the kit's own tests.

import type { RowNeighbours } from '@cbir/core/define'
import { loadAddon, type NativeAddon, type NativeControl } from '@cbir/native-kit'

export type Failure = 'typed' | 'standard' | 'memory' | 'number'

export interface TestAddon extends NativeAddon {
  hold(values: Float32Array, length: number): object
  holdOther(): object
  sum(handle: unknown, now: boolean, control: NativeControl | undefined, grain: number): Promise<number> | number
  fail(kind: Failure, now: boolean): Promise<void>
  steps(count: number, milliseconds: number, control?: NativeControl): Promise<number>
  sleep(milliseconds: number, ranges: number, control?: NativeControl): Promise<void>
  workers(n: number): Promise<{ ran: Uint32Array; overlapped: boolean }>
  neighbours(queries: number, k: number): RowNeighbours
  shortNeighbours(queries: number, k: number): RowNeighbours | number
  shrunk(counts: Uint32Array, k: number, queries: number): RowNeighbours
  account(handle: object, bytes: number, complete?: boolean): void
  told(): number
}

export const packageRoot: URL = new URL('../..', import.meta.url)

export const addon: TestAddon = loadAddon<TestAddon>(packageRoot)
