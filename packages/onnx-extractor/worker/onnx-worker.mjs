// The worker thread: it reads a model, holds a session of onnxruntime and runs jobs, one at a time, in the order in which they come.
//
// This folder is plain JavaScript, published as it is and beside both `src` and `dist`, so that one URL finds the worker in a checkout (where
// the rest runs as TypeScript, which a thread of Node 20 cannot load) and in an installed package. `tsc` checks its types from the comments.

import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { castNumbers } from './numbers.mjs'
import { reduceOutput } from './reduce.mjs'

/** @import * as Ort from 'onnxruntime-node' */
/** @import { ConstantInput, Failure, LoadReply, LoadRequest, ModelSource, PackedInput, ReadReply, ReadRequest, Request, RunReply, RunRequest } from './protocol.mjs' */

const HASH_CHUNK = 1 << 20

// Slots of the gate, see src/pool/exit-gate.ts.
const BUSY = 0
const CLOSED = 1

// The event loop goes first: a run takes all the time that a core has left, and without this the main thread waits tens of milliseconds for its
// turn. On Linux the priority is that of the calling thread; elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + 5))

/** @type {Int32Array<SharedArrayBuffer>} */
const gate = workerData.gate

/**
 * A failure with the code of the extractor's error.
 * @param {string} code
 * @param {string} message
 * @returns {Failure}
 */
const failure = (code, message) => ({ code, message })

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error))

/** @type {typeof Ort | undefined} */
let ort
/** @type {Ort.InferenceSession | undefined} */
let session
/** @type {Record<string, Ort.Tensor>} */
let constants = {}
let output = ''

/** @type {Promise<void>} */
let last = Promise.resolve()

parentPort?.on('message', (/** @type {Request | { type: 'close' }} */ request) => {
  last = last.then(() => handle(request))
})

/** @param {Request | { type: 'close' }} request */
async function handle(request) {
  Atomics.store(gate, BUSY, 1)
  try {
    if (Atomics.load(gate, CLOSED) === 0) await respond(request)
  } finally {
    Atomics.store(gate, BUSY, 0)
    Atomics.notify(gate, BUSY)
  }
}

/** @param {Request | { type: 'close' }} request */
async function respond(request) {
  if (request.type === 'close') {
    await session?.release()
    parentPort?.close()
    return
  }
  const buffer = request.type === 'run' ? request.buffer : undefined
  try {
    const { ok, transfer } = await answer(request)
    parentPort?.postMessage({ ok }, transfer)
  } catch (error) {
    const known = typeof error === 'object' && error !== null && 'code' in error && !(error instanceof Error)
    parentPort?.postMessage({ failure: known ? error : failure('EXTRACT_FAILED', messageOf(error)), buffer }, buffer ? [buffer] : [])
  }
}

/**
 * @param {Request} request
 * @returns {Promise<{ ok: unknown, transfer: ArrayBuffer[] }>}
 */
async function answer(request) {
  if (request.type === 'read') return read(request)
  if (request.type === 'hash') return { ok: request.paths.map(hashFile), transfer: [] }
  if (request.type === 'load') return { ok: await load(request), transfer: [] }
  const ok = await run(request)
  return { ok, transfer: [ok.rows, ok.buffer] }
}

/**
 * @param {ReadRequest} request
 * @returns {{ ok: ReadReply, transfer: ArrayBuffer[] }}
 */
function read({ source }) {
  const bytes = bytesOf(source)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return 'path' in source ? { ok: { bytes: bytes.buffer, sha256 }, transfer: [bytes.buffer] } : { ok: { sha256 }, transfer: [] }
}

/**
 * The bytes of a model in memory of its own.
 * @param {ModelSource} source
 * @param {number} spare bytes of room behind
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(source, spare = 0) {
  const from = 'path' in source ? readFile(source.path) : new Uint8Array(source.bytes)
  const bytes = new Uint8Array(from.length + spare)
  bytes.set(from)
  return bytes
}

/**
 * The digest of a file, in chunks: data files may be larger than memory.
 * @param {string} path
 */
function hashFile(path) {
  const hash = createHash('sha256')
  const chunk = new Uint8Array(HASH_CHUNK)
  const file = tryIo(() => openSync(path, 'r'), path)
  try {
    for (let n = readSync(file, chunk, 0, HASH_CHUNK, null); n > 0; n = readSync(file, chunk, 0, HASH_CHUNK, null)) hash.update(chunk.subarray(0, n))
  } catch (error) {
    throw failure('IO_FAILED', `${path} could not be read: ${messageOf(error)}`)
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}

/** @param {string} path */
function readFile(path) {
  return tryIo(() => readFileSync(path), path)
}

/**
 * @template T
 * @param {() => T} work
 * @param {string} path
 * @returns {T}
 */
function tryIo(work, path) {
  try {
    return work()
  } catch (error) {
    const absent = /** @type {{ code?: unknown }} */ (error).code === 'ENOENT'
    throw absent
      ? failure('NOT_FOUND', `There is no model file at ${path}. Check the path.`)
      : failure('IO_FAILED', `${path} could not be read: ${messageOf(error)}`)
  }
}

/**
 * @param {LoadRequest} request
 * @returns {Promise<LoadReply>}
 */
async function load(request) {
  const runtime = await importRuntime()
  const options = sessionOptions(request)
  try {
    // Weights in other files are mapped by the runtime when it opens the model itself; with bytes behind the model they are handed over.
    const viaPath = 'path' in request.source && request.external.length > 0 && !request.suffix
    session =
      viaPath && 'path' in request.source
        ? await runtime.InferenceSession.create(request.source.path, options)
        : await createFromBytes(runtime, request, options)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw failure('INVALID_MODEL', `onnxruntime ${runtime.env.versions.node ?? ''} cannot load the model: ${error.message}`)
  }
  output = request.output
  constants = Object.fromEntries(request.constants.map((constant) => [constant.name, constantTensor(runtime, constant)]))
  const meta = session.outputMetadata.find(({ name }) => name === output)
  const version = runtime.env.versions.node ?? runtime.env.versions.common
  return meta?.isTensor ? { isTensor: true, type: meta.type, shape: meta.shape, runtime: version } : { isTensor: false, runtime: version }
}

async function importRuntime() {
  try {
    ort ??= /** @type {typeof Ort} */ ((await import('onnxruntime-node')).default ?? (await import('onnxruntime-node')))
    return ort
  } catch (error) {
    throw failure('NOT_USABLE', `onnxruntime-node cannot be loaded on ${process.platform}-${process.arch}: ${messageOf(error)}`)
  }
}

/**
 * One thread a session: it costs the least processor time a picture, and the pool has a session for each core.
 * @param {LoadRequest} request
 * @returns {Ort.InferenceSession.SessionOptions}
 */
function sessionOptions({ external, suffix }) {
  const handed = suffix ? external.map(({ location, path }) => ({ path: location, data: new Uint8Array(readFile(path)) })) : []
  return {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    ...(handed.length > 0 ? { externalData: handed } : {}),
  }
}

/**
 * @param {typeof Ort} runtime
 * @param {LoadRequest} request
 * @param {Ort.InferenceSession.SessionOptions} options
 */
async function createFromBytes(runtime, { source, suffix }, options) {
  const bytes = bytesOf(source, suffix?.length)
  const length = bytes.length - (suffix?.length ?? 0)
  if ('path' in source && source.sha256 !== undefined) {
    const sha256 = createHash('sha256').update(bytes.subarray(0, length)).digest('hex')
    if (sha256 !== source.sha256) {
      throw failure('INVALID_MODEL', `${source.path} has changed since the extractor was made. Make a new extractor for the new model.`)
    }
  }
  if (suffix) bytes.set(suffix, length)
  return runtime.InferenceSession.create(bytes, options)
}

/**
 * @param {typeof Ort} runtime
 * @param {ConstantInput} constant
 */
function constantTensor(runtime, { name, type, dims, data }) {
  try {
    return new runtime.Tensor(/** @type {'float32'} */ (type), /** @type {Float32Array} */ (data), dims)
  } catch (error) {
    throw failure('INVALID_CONFIG', `The constant input "${name}" is no tensor: ${messageOf(error)}`)
  }
}

/**
 * @param {RunRequest} request
 * @returns {Promise<RunReply>}
 */
async function run(request) {
  const { buffer, count, perRun, batched, dimensions } = request
  if (!ort || !session) throw failure('EXTRACT_FAILED', 'The worker has no model.')
  const rows = new Float32Array(count * (dimensions ?? 0))
  /** @type {readonly number[]} */
  let shape = []
  for (let start = 0; start < count; start += perRun) {
    const feeds = { ...constants }
    for (const input of request.inputs) feeds[input.name] = inputTensor(ort, input, buffer, start, perRun, batched)
    const result = (await session.run(feeds, [output]))[output]
    if (!result) throw failure('EXTRACT_FAILED', `The model gave no output "${output}".`)
    try {
      if (start === 0) shape = [...result.dims]
      if (dimensions === undefined) break
      const wanted = rows.subarray(start * dimensions, Math.min(count, start + perRun) * dimensions)
      reduceOutput(result, { request, perRun, mask: maskOf(request, feeds), rows: wanted, dimensions })
    } finally {
      // Waiting for the garbage collector to free the runtime's memory would let it grow.
      result.dispose()
    }
  }
  return { rows: rows.buffer, shape, buffer }
}

/**
 * @param {RunRequest} request
 * @param {Record<string, Ort.Tensor>} feeds
 */
function maskOf({ reduction: { pooling, mask } }, feeds) {
  return pooling === 'mean-tokens' && mask !== undefined ? feeds[mask] : undefined
}

/**
 * A run's part of a packed input, without a copy where the model wants the type that was given.
 * @param {typeof Ort} runtime
 * @param {PackedInput} input
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {number} perRun
 * @param {boolean} batched
 */
function inputTensor(runtime, input, buffer, start, perRun, batched) {
  const size = input.dims.reduce((product, dim) => product * dim, 1)
  const dims = batched ? [perRun, ...input.dims] : input.dims
  const data = input.strings
    ? input.strings.slice(start * size, (start + perRun) * size)
    : castNumbers(buffer, input.offset, start * size, perRun * size, input.from, input.to)
  return new runtime.Tensor(/** @type {'float32'} */ (input.to), /** @type {Float32Array} */ (data), dims)
}
