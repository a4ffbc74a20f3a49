// memoryDataElement: bytes in memory.

import { describeComponent } from '../component/describe-component.ts'
import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { field, objectSchema } from '../config/object-schema.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { readOnlyError } from '../errors/read-only.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { contentTypeOf } from './content-type-of-name.ts'
import type { DataElement, DigestAlgorithm } from './data-element.ts'
import { digestOf } from './digest.ts'
import { sniffContentType } from './sniff-content-type.ts'

const NAME = 'memory-data-element'

/** Bytes that a chunk of `stream` holds at most. */
const CHUNK = 1 << 16

export interface MemoryDataElementOptions {
  /** MIME type; where it is not given it is told from the bytes, else from the label, else it is unknown. */
  readonly contentType?: string | undefined
  /** A name for messages; `memory` where not given. */
  readonly label?: string | undefined
  /** Whether `setBytes` is refused; false where not given. */
  readonly readOnly?: boolean | undefined
}

/** The element as data: its bytes in base64. */
export interface MemoryDataElementConfig extends MemoryDataElementOptions {
  readonly base64: string
  readonly label: string
  readonly readOnly: boolean
}

/** The plugin: makes an element from `{ base64, contentType?, label?, readOnly? }`; `toConfig` gives the bytes that the element has then. */
export const memoryDataElementPlugin: PluginFactory<Partial<MemoryDataElementConfig>, MemoryDataElementConfig, DataElement> = definePlugin({
  kind: 'data-element',
  interfaces: ['DataElement'],
  name: NAME,
  package: '@cbir/core',
  configSchema: objectSchema<MemoryDataElementConfig>({
    base64: field.string({ default: '' }),
    contentType: field.string({ optional: true, minLength: 1 }),
    label: field.string({ default: 'memory', minLength: 1 }),
    readOnly: field.boolean({ default: false }),
  }),
  create: ({ base64, ...options }) => memoryDataElement(fromBase64(base64), options),
})

/** An element that holds a copy of `bytes`. @throws CbirError INVALID_ARGUMENT */
export function memoryDataElement(bytes: Uint8Array, options: MemoryDataElementOptions = {}): DataElement {
  const { contentType, label = 'memory', readOnly = false } = options
  let held = copyBytes(bytes)
  let digests = new Map<DigestAlgorithm, Promise<string>>()

  // A digest is computed once for the bytes that it is of. The signal of one caller must not fail the others, so it is not passed on.
  async function digest(algorithm: DigestAlgorithm, signal: AbortSignal | undefined): Promise<string> {
    throwIfAborted(signal)
    const known = digests.get(algorithm) ?? digestOf(algorithm, held)
    digests.set(algorithm, known)
    return abortable(known, signal)
  }

  return {
    ...describeComponent('data-element', {
      name: NAME,
      package: '@cbir/core',
      config: () => ({ base64: toBase64(held), contentType, label, readOnly }),
    }),
    label,
    writable: !readOnly,
    async contentType(call) {
      throwIfAborted(call?.signal)
      return contentType ?? contentTypeOf(sniffContentType(held), label)
    },
    uuid: (call) => digest('sha1', call?.signal),
    digest: (algorithm, call) => digest(algorithm, call?.signal),
    async isEmpty(call) {
      throwIfAborted(call?.signal)
      return held.length === 0
    },
    async bytes(call) {
      throwIfAborted(call?.signal)
      return held.slice()
    },
    async *stream(call) {
      const whole = held
      for (let at = 0; at < whole.length; at += CHUNK) {
        throwIfAborted(call?.signal)
        yield whole.slice(at, at + CHUNK)
      }
    },
    async setBytes(next, call) {
      throwIfAborted(call?.signal)
      if (readOnly) throw readOnlyError(`The data element ${JSON.stringify(label)}`)
      held = copyBytes(next)
      digests = new Map()
    },
  }
}

function copyBytes(bytes: Uint8Array): Uint8Array {
  if (describeType(bytes) === 'Uint8Array') return Uint8Array.from(bytes)
  throw new CbirError('INVALID_ARGUMENT', `Expected bytes as a Uint8Array, got ${describeType(bytes)}.`)
}
