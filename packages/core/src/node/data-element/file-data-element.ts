// fileDataElement: the bytes of a file.

import { createHash, randomBytes } from 'node:crypto'
import { chmod, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { CallOptions } from '../../component/call-options.ts'
import { describeComponent } from '../../component/describe-component.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { definePlugin, type PluginFactory } from '../../config/define-plugin.ts'
import { field, objectSchema } from '../../config/object-schema.ts'
import { contentTypeOf } from '../../data-element/content-type-of-name.ts'
import type { DataElement, DigestAlgorithm } from '../../data-element/data-element.ts'
import { checkDigestAlgorithm } from '../../data-element/digest.ts'
import { SNIFF_BYTES, sniffContentType } from '../../data-element/sniff-content-type.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { readOnlyError } from '../../errors/read-only.ts'
import { describeType } from '../../vectors/vector-batch.ts'
import type { FileFacts, OpenFile } from '../storage/file-system.ts'
import { withFaults } from '../storage/io-fault.ts'
import { nodeFileSystem as files } from '../storage/node-file-system.ts'
import { replaceFile } from '../storage/replace-file.ts'
import { missing, notRegular, readRegularFile } from './read-regular-file.ts'

const NAME = 'file-data-element'
/** Bytes read and hashed between two turns of the event loop. */
const CHUNK = 1 << 18

export interface FileDataElementOptions {
  /** MIME type; where it is not given it is found from the bytes, else from the ending. */
  readonly contentType?: string | undefined
  /** Whether `setBytes` is refused; false where not given. */
  readonly readOnly?: boolean | undefined
}

export interface FileDataElementConfig extends FileDataElementOptions {
  readonly path: string
  readonly readOnly: boolean
}

/** The plugin: makes an element from `{ path, contentType?, readOnly? }`. */
export const fileDataElementPlugin: PluginFactory<FileDataElementOptions & { readonly path: string }, FileDataElementConfig, FileDataElement> =
  definePlugin({
    kind: 'data-element',
    interfaces: ['DataElement'],
    name: NAME,
    package: '@cbir/core',
    configSchema: objectSchema<FileDataElementConfig>({
      path: field.string({ minLength: 1 }),
      contentType: field.string({ optional: true, minLength: 1 }),
      readOnly: field.boolean({ default: false }),
    }),
    create: ({ path, ...options }) => fileDataElement(path, options),
  })

/** An element that is a file, and so has a path. */
export interface FileDataElement extends DataElement {
  /** The absolute path. @throws CbirError NOT_FOUND, IO_FAILED where there is no file */
  path(): Promise<string>
}

/** What was learnt of one state of the file. */
interface Known {
  readonly facts: FileFacts
  readonly digests: Map<DigestAlgorithm, string>
  contentType?: { readonly is: string | undefined }
}

/**
 * The bytes of the file at `path`, which is looked at when it is asked for. Digests and content type are kept as long as size and time of the
 * last change stay. Only regular files are read: a pipe or a device is refused. `setBytes` replaces the file whole, and makes it where there is none.
 * @throws CbirError INVALID_ARGUMENT for an empty path; the methods throw NOT_FOUND, IO_FAILED, READ_ONLY, ABORTED
 */
export function fileDataElement(path: string, options: FileDataElementOptions = {}): FileDataElement {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The path of a file must be a string that is not empty and without a zero byte, got ${JSON.stringify(path)}.`,
    )
  }
  const { contentType, readOnly = false } = options
  const full = resolve(path)
  let known: Known | undefined

  const look = async (call: CallOptions | undefined): Promise<FileFacts> => {
    throwIfAborted(call?.signal)
    const facts = await files.stat(full)
    if (!facts) throw missing(path)
    if (facts.kind !== 'file') throw notRegular(path, facts.kind === 'directory')
    return facts
  }
  const current = async (call: CallOptions | undefined): Promise<Known> => {
    const facts = await look(call)
    if (!known || !sameState(known.facts, facts)) known = { facts, digests: new Map() }
    return known
  }
  const opened = async <T>(work: (file: OpenFile) => Promise<T>): Promise<T> => {
    const file = await files.open(full, 'read')
    try {
      return await work(file)
    } finally {
      await file.close()
    }
  }

  async function* stream(call?: CallOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const { size } = await look(call)
    const file = await files.open(full, 'read')
    try {
      for (let at = 0; ; ) {
        throwIfAborted(call?.signal)
        // One byte more than is awaited shows that the file ends there.
        const chunk = new Uint8Array(at < size ? Math.min(CHUNK, size - at + 1) : CHUNK)
        const read = await file.read(chunk, at)
        at += read
        if (read > 0) yield chunk.subarray(0, read)
        call?.onProgress?.({ done: at, total: Math.max(at, size) })
        if (read < chunk.length) return
      }
    } finally {
      await file.close()
    }
  }

  const digest = async (algorithm: DigestAlgorithm, call?: CallOptions): Promise<string> => {
    checkDigestAlgorithm(algorithm)
    const before = await current(call)
    const found = before.digests.get(algorithm)
    if (found !== undefined) return found
    const hash = createHash(algorithm)
    for await (const chunk of stream(call)) hash.update(chunk)
    const hex = hash.digest('hex')
    // Written to while it was read: what was computed is not kept.
    if (sameState(before.facts, await look(call))) before.digests.set(algorithm, hex)
    return hex
  }

  return {
    ...describeComponent('data-element', { name: NAME, package: '@cbir/core', config: { path, contentType, readOnly } }),
    label: path,
    writable: !readOnly,
    async contentType(call) {
      const state = await current(call)
      if (contentType !== undefined) return contentType
      state.contentType ??= { is: contentTypeOf(sniffContentType(await opened((file) => headOf(file))), path) }
      return state.contentType.is
    },
    uuid: (call) => digest('sha1', call),
    digest,
    isEmpty: async (call) => (await look(call)).size === 0,
    bytes: (call) => readRegularFile(full, call),
    stream,
    async setBytes(bytes, call) {
      throwIfAborted(call?.signal)
      if (readOnly) throw readOnlyError(`The data element ${JSON.stringify(path)}`)
      if (describeType(bytes) !== 'Uint8Array') throw new CbirError('INVALID_ARGUMENT', `Expected bytes as a Uint8Array, got ${describeType(bytes)}.`)
      await replaceBytes(full, Uint8Array.from(bytes))
      known = undefined
    },
    async path() {
      await look(undefined)
      return full
    },
  }
}

function sameState(a: FileFacts, b: FileFacts): boolean {
  return a.size === b.size && a.modified === b.modified && a.identity === b.identity
}

async function headOf(file: OpenFile): Promise<Uint8Array> {
  const head = new Uint8Array(SNIFF_BYTES)
  return head.subarray(0, await file.read(head, 0))
}

/** A file that is there keeps its permissions, and a symbolic link goes on leading to it. */
async function replaceBytes(path: string, bytes: Uint8Array): Promise<void> {
  const exists = await files.stat(path)
  const real = exists ? await files.realPath(path) : path
  const mode = exists ? (await withFaults('look at', real, () => stat(real))).mode & 0o7777 : undefined
  const beside = join(dirname(real), `.${basename(real).slice(0, 100)}.${randomBytes(6).toString('hex')}.new`)
  await replaceFile(files, real, beside, async (file) => {
    if (mode !== undefined) await withFaults('set the permissions of', beside, () => chmod(beside, mode))
    await file.write(bytes, 0)
  })
}
