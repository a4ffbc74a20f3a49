// What a case of the DataElement suite works with: elements of given bytes.

import type { CallOptions, ComponentConfig, DataElement } from '@cbir/core'
import { fail, same } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `dataElementSuite`. */
export interface DataElementSuiteOptions extends SuiteOptions {
  /** An element that holds these bytes, and was told nothing else of them. */
  readonly create: (bytes: Uint8Array) => Made<DataElement>
  /** Whether `setBytes` works on what `create` gives; true where absent. */
  readonly writable?: boolean | undefined
  /** An element whose bytes are not there: a file that does not exist. For adapters that read from a place. */
  readonly createMissing?: (() => Made<DataElement>) | undefined
  /** Makes an element from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<DataElement>) | undefined
}

export type DataElementGroup = Group<DataElementCase, DataElementSuiteOptions>

export class DataElementCase implements ComponentCase {
  readonly options: DataElementSuiteOptions
  readonly writable: boolean
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  /** An element that holds these bytes. */
  readonly holding: (bytes: Uint8Array) => Promise<DataElement>

  constructor(options: DataElementSuiteOptions, scope: Scope, holding: (bytes: Uint8Array) => Promise<DataElement>) {
    this.options = options
    this.writable = options.writable ?? true
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.holding = holding
  }

  make(): Promise<DataElement> {
    return this.holding(this.bytes(100))
  }

  /** Random bytes. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.random.integer(256))
  }

  async holds(element: DataElement, bytes: Uint8Array, what: string): Promise<void> {
    sameBytes(await element.bytes(), bytes, what)
  }
}

/** Both must be the same bytes. */
export function sameBytes(got: Uint8Array, expected: Uint8Array, what: string): void {
  same(got.length, expected.length, `number of ${what}`)
  const at = expected.findIndex((byte, i) => byte !== got[i])
  if (at >= 0) fail(`${what}: expected ${expected[at]} at place ${at}, got ${got[at]}`)
}

/** The chunks of a stream, joined. */
export async function streamed(element: DataElement, options?: CallOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of element.stream(options)) chunks.push(chunk.slice())
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
