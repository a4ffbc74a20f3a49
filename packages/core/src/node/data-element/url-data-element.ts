// urlDataElement: bytes behind an http or https URL.

import { createHash } from 'node:crypto'
import type { CallOptions } from '../../component/call-options.ts'
import { describeComponent } from '../../component/describe-component.ts'
import { abortable, throwIfAborted } from '../../concurrency/abort.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import { definePlugin, type PluginFactory } from '../../config/define-plugin.ts'
import { field, objectSchema } from '../../config/object-schema.ts'
import { contentTypeOf } from '../../data-element/content-type-of-name.ts'
import type { DataElement, DigestAlgorithm } from '../../data-element/data-element.ts'
import { checkDigestAlgorithm } from '../../data-element/digest.ts'
import { sniffContentType } from '../../data-element/sniff-content-type.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { readOnlyError } from '../../errors/read-only.ts'
import { checkPositiveInteger } from '../../vectors/check-number.ts'

const NAME = 'url-data-element'
const CHUNK = 1 << 18

export interface UrlDataElementOptions {
  /** A longer answer is refused; 256 MiB where not given. */
  readonly maxBytes?: number | undefined
  /** Milliseconds from the request to the last byte; 60 000 where not given. */
  readonly timeoutMs?: number | undefined
}

export interface UrlDataElementConfig {
  readonly url: string
  readonly maxBytes: number
  readonly timeoutMs: number
}

const DEFAULTS = { maxBytes: 1 << 28, timeoutMs: 60_000 }

/** The plugin: makes an element from `{ url, maxBytes?, timeoutMs? }`. */
export const urlDataElementPlugin: PluginFactory<UrlDataElementOptions & { readonly url: string }, UrlDataElementConfig, DataElement> = definePlugin({
  kind: 'data-element',
  interfaces: ['DataElement'],
  name: NAME,
  package: '@cbir/core',
  configSchema: objectSchema<UrlDataElementConfig>({
    url: field.string({ minLength: 1 }),
    maxBytes: field.integer({ default: DEFAULTS.maxBytes, min: 1 }),
    timeoutMs: field.integer({ default: DEFAULTS.timeoutMs, min: 1, max: 2 ** 31 - 1 }),
  }),
  create: ({ url, ...options }) => urlDataElement(url, options),
})

interface Download {
  readonly bytes: Uint8Array
  /** What the server says that it is, without parameters. */
  readonly declared: string | undefined
}

/**
 * The bytes behind a URL: downloaded once, when they are first asked for, and held as long as the element is. A download that failed is tried
 * again by the next call. Redirects are followed.
 * @throws CbirError INVALID_ARGUMENT for what is no http or https URL, or one with a password; the methods throw NOT_FOUND (404, 410),
 * IO_FAILED (`details.status` for another status; no answer, too slow, too long), READ_ONLY, ABORTED
 */
export function urlDataElement(url: string, options: UrlDataElementOptions = {}): DataElement {
  const address = parse(url)
  const { maxBytes = DEFAULTS.maxBytes, timeoutMs = DEFAULTS.timeoutMs } = options
  checkPositiveInteger(maxBytes, 'maxBytes')
  checkPositiveInteger(timeoutMs, 'timeoutMs')
  const digests = new Map<DigestAlgorithm, Promise<string>>()
  let running: { readonly download: Promise<Download>; readonly controller: AbortController } | undefined
  let waiting = 0

  // Callers share one download. It is given up when the last one that waits for it has given up.
  async function get(call: CallOptions | undefined): Promise<Download> {
    throwIfAborted(call?.signal)
    if (!running) {
      const controller = new AbortController()
      const mine = { controller, download: fetchBytes(address, maxBytes, timeoutMs, controller.signal) }
      running = mine
      mine.download.catch(() => {
        if (running === mine) running = undefined
      })
    }
    const { download, controller } = running
    waiting++
    try {
      return await abortable(download, call?.signal)
    } finally {
      if (--waiting === 0 && call?.signal?.aborted) controller.abort()
    }
  }

  const digest = async (algorithm: DigestAlgorithm, call?: CallOptions): Promise<string> => {
    checkDigestAlgorithm(algorithm)
    const { bytes } = await get(call)
    const known = digests.get(algorithm) ?? hashed(algorithm, bytes)
    digests.set(algorithm, known)
    return abortable(known, call?.signal)
  }

  return {
    ...describeComponent('data-element', { name: NAME, package: '@cbir/core', config: { url, maxBytes, timeoutMs } }),
    label: url,
    writable: false,
    async contentType(call) {
      const { bytes, declared } = await get(call)
      return contentTypeOf(sniffContentType(bytes), address.pathname) ?? declared
    },
    uuid: (call) => digest('sha1', call),
    digest,
    isEmpty: async (call) => (await get(call)).bytes.length === 0,
    bytes: async (call) => (await get(call)).bytes.slice(),
    async *stream(call) {
      const { bytes } = await get(call)
      for (let at = 0; at < bytes.length; at += CHUNK) {
        throwIfAborted(call?.signal)
        yield bytes.slice(at, at + CHUNK)
      }
    },
    async setBytes() {
      throw readOnlyError(`The data element ${JSON.stringify(url)}`)
    },
  }
}

function parse(url: string): URL {
  let address: URL | undefined
  try {
    address = new URL(url)
  } catch {
    // said below
  }
  if (!address || !/^https?:$/.test(address.protocol)) throw new CbirError('INVALID_ARGUMENT', `${JSON.stringify(url)} is no http or https URL.`)
  if (address.username || address.password) {
    throw new CbirError('INVALID_ARGUMENT', `The URL on ${address.host} holds a user name or password, which would end up in messages. Leave it out.`)
  }
  return address
}

async function fetchBytes(address: URL, maxBytes: number, timeoutMs: number, signal: AbortSignal): Promise<Download> {
  const where = `${address.origin}${address.pathname}`
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, timeout]) })
    if (!response.ok) {
      await response.body?.cancel()
      const missing = response.status === 404 || response.status === 410
      throw new CbirError(
        missing ? 'NOT_FOUND' : 'IO_FAILED',
        `${where} answered with status ${response.status} ${response.statusText}. Check the URL.`,
        {
          details: { status: response.status },
        },
      )
    }
    const declared = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() || undefined
    return { bytes: await readBody(response, maxBytes, where), declared }
  } catch (error) {
    if (CbirError.isInstance(error)) throw error
    if (timeout.aborted && !signal.aborted) {
      throw new CbirError('IO_FAILED', `${where} did not answer in full within ${timeoutMs} ms. Try again, or allow more by timeoutMs.`, {
        cause: error,
      })
    }
    const cause = error instanceof Error && error.cause instanceof Error ? `${error.message} (${error.cause.message})` : String(error)
    throw new CbirError('IO_FAILED', `${where} could not be read: ${cause}. Check the URL and the network.`, { cause: error })
  }
}

async function readBody(response: Response, maxBytes: number, where: string): Promise<Uint8Array> {
  const tooLong = (): CbirError =>
    new CbirError('IO_FAILED', `${where} has more than ${maxBytes} bytes. Allow more by maxBytes if that is expected.`, { details: { maxBytes } })
  const { body } = response
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await body?.cancel()
    throw tooLong()
  }
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early cancels the body.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw tooLong()
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  const slice = new TimeSlice()
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
    if (slice.due()) await slice.pause()
  }
  return bytes
}

async function hashed(algorithm: DigestAlgorithm, bytes: Uint8Array): Promise<string> {
  const hash = createHash(algorithm)
  const slice = new TimeSlice()
  for (let at = 0; at < bytes.length; at += CHUNK) {
    hash.update(bytes.subarray(at, at + CHUNK))
    if (slice.due()) await slice.pause()
  }
  return hash.digest('hex')
}
