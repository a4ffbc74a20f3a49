// Wrong data elements: the reference with one thing broken.

import { fileURLToPath } from 'node:url'
import { referenceDataElement } from '@cbir/conformance'
import { CbirError, type DataElement } from '@cbir/core'
import { block, forgiving, unsignalled, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface DataElementMutant extends Mutant {
  readonly make?: (element: DataElement) => DataElement
  /** Makes the element itself, of the bytes that it was given. */
  readonly create?: (bytes: Uint8Array) => DataElement
  readonly readOnly?: boolean
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: (element: DataElement) => DataElement
}

/** An element whose answers change what they are asked for. */
const told =
  (bytes: (whole: Uint8Array) => Uint8Array) =>
  (element: DataElement): DataElement =>
    variant(element, { bytes: async (o) => bytes(await element.bytes(o)) })

export const DATA_ELEMENT_MUTANTS: readonly DataElementMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (element) => variant(element, { kind: 'data-set' as 'data-element' }) },
  { name: 'has no label', breaks: ['component'], make: (element) => variant(element, { label: '' }) },
  { name: 'long bytes are cut', breaks: ['bytes'], make: told((whole) => (whole.length === 700_001 ? whole.slice(0, 1 << 16) : whole)) },
  {
    name: 'the last chunk is left out of a stream',
    breaks: ['bytes'],
    make: (element) =>
      variant(element, {
        async *stream(o) {
          let last: Uint8Array | undefined
          for await (const chunk of element.stream(o)) {
            if (last) yield last
            last = chunk
          }
          if (last && last.length < 60_000 && last.length > 40_000) return
          if (last) yield last
        },
      }),
  },
  {
    name: 'is never empty',
    breaks: ['bytes', 'set bytes'],
    make: (element) => variant(element, { isEmpty: async (o) => (await element.isEmpty(o)) && false }),
  },
  {
    name: 'the uuid is in upper case',
    breaks: ['identity'],
    make: (element) => variant(element, { uuid: async (o) => (await element.uuid(o)).toUpperCase() }),
  },
  { name: 'the uuid is the MD5', breaks: ['identity'], make: (element) => variant(element, { uuid: (o) => element.digest('md5', o) }) },
  {
    name: 'the uuid is that of the beginning',
    breaks: ['identity'],
    make: (element) =>
      variant(element, {
        uuid: async (o) => {
          const bytes = await element.bytes(o)
          return bytes.length === 50 ? referenceDataElement(bytes.slice(0, 32)).uuid() : element.uuid(o)
        },
      }),
  },
  {
    name: 'an unknown digest is the SHA-1',
    breaks: ['identity'],
    make: (element) => variant(element, { digest: (algorithm, o) => element.digest(['md5', 'sha512'].includes(algorithm) ? algorithm : 'sha1', o) }),
  },
  {
    name: 'the content type is told from the name alone',
    breaks: ['content type'],
    make: (element) => variant(element, { contentType: async (o) => void (await element.contentType(o)) }),
  },
  {
    name: 'what is not known is a picture',
    breaks: ['content type', 'set bytes'],
    make: (element) => variant(element, { contentType: async (o) => (await element.contentType(o)) ?? 'image/jpeg' }),
  },
  {
    name: 'the uuid stays that of the old bytes',
    breaks: ['set bytes'],
    make: (element) => {
      let known: string | undefined
      return variant(element, {
        uuid: async (o) => {
          const own = await element.uuid(o)
          known ??= own
          return known
        },
      })
    },
  },
  {
    name: 'what is set is put behind what is there',
    breaks: ['buffers', 'configuration', 'set bytes'],
    make: (element) => {
      const { setBytes } = element
      return variant(element, {
        setBytes: (next, o) => {
          if (!(next instanceof Uint8Array) || o) return setBytes(next, o)
          const own = next.slice()
          return element.bytes().then((old) => setBytes(Uint8Array.from([...old, ...own])))
        },
      })
    },
    fromConfig: (element) => element,
  },
  {
    name: 'takes lists of numbers for bytes',
    breaks: ['set bytes'],
    make: (element) =>
      variant(element, { setBytes: (next, o) => element.setBytes(Array.isArray(next) ? Uint8Array.from(next as number[]) : next, o) }),
  },
  { name: 'says that it can be written', breaks: ['read-only'], readOnly: true, make: (element) => variant(element, { writable: true }) },
  {
    name: 'forgets what is written to it without an error',
    breaks: ['read-only'],
    readOnly: true,
    make: (element) => variant(element, { setBytes: (...call) => forgiving(element.setBytes(...call), 'READ_ONLY', undefined) }),
  },
  {
    name: 'what is missing is empty',
    breaks: ['missing'],
    make: (element) => variant(element, { bytes: (o) => forgiving(element.bytes(o), 'NOT_FOUND', new Uint8Array(0)) }),
  },
  {
    name: 'what is missing has no code',
    breaks: ['missing'],
    make: (element) =>
      variant(element, {
        uuid: (o) =>
          element.uuid(o).catch((error: unknown) => {
            throw CbirError.isInstance(error, 'NOT_FOUND') ? new Error('ENOENT') : error
          }),
      }),
  },
  {
    name: 'its path is that of another file',
    breaks: ['path'],
    make: (element) => variant(element, { path: async () => fileURLToPath(import.meta.url) }),
  },
  { name: 'ignores the signal', breaks: ['abort', 'concurrency'], make: (element) => variant(element, { uuid: () => element.uuid() }) },
  { name: 'a stream ignores the signal', breaks: ['abort'], make: (element) => variant(element, { stream: (o) => element.stream(unsignalled(o)) }) },
  {
    name: 'looks at the signal only before a stream',
    breaks: ['abort'],
    make: (element) => variant(element, { stream: (o) => element.stream(o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (element) => variant(element, { bytes: (o) => withoutReason(element.bytes(o)) }),
  },
  {
    name: 'a caller that gives up fails the others',
    breaks: ['concurrency'],
    make: (element) => {
      let running: Promise<string> | undefined
      return variant(element, {
        uuid: (o) => {
          running ??= element.uuid(o).finally(() => {
            running = undefined
          })
          return running
        },
      })
    },
  },
  {
    name: 'a long digest blocks',
    breaks: ['event loop'],
    make: (element) =>
      variant(element, {
        digest: async (...call) => {
          if (call[0] === 'md5' && (await element.bytes()).length > 1 << 24) block(300)
          return element.digest(...call)
        },
      }),
  },
  {
    name: 'keeps the array that it is given',
    breaks: ['buffers'],
    create: (bytes) => {
      const element = referenceDataElement(bytes)
      let given = bytes
      return variant(element, {
        bytes: async (o) => {
          await element.isEmpty(o)
          return given.slice()
        },
        setBytes: async (next, o) => {
          await element.setBytes(next, o)
          given = next
        },
      })
    },
  },
  {
    name: 'gives out the array that it holds',
    breaks: ['buffers'],
    make: (element) => {
      let held: Uint8Array | undefined
      return variant(element, {
        bytes: async (o) => {
          const own = await element.bytes(o)
          if (own.length !== 60) return own
          held ??= own
          return held
        },
      })
    },
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (element) => variant(element, { toConfig: () => ({ ...element.toConfig(), config: { bytes: Uint8Array.of(1) } }) }),
  },
  {
    name: 'made again it has lost its bytes',
    breaks: ['configuration'],
    make: (element) => variant(element, { toConfig: () => ({ ...element.toConfig(), config: { bytes: [] } }) }),
    fromConfig: (element) => element,
  },
]
