// What the extractor and its worker threads say to each other.

/** Where a model's bytes are. A model in a file is read by each worker for itself; its SHA-256 proves that it is still the same. */
export type ModelSource = { readonly path: string; readonly sha256?: string | undefined } | { readonly bytes: SharedArrayBuffer }

/** A data file beside a model, and the SHA-256 that it had. */
export interface ExternalSource {
  readonly location: string
  readonly path: string
}

/** Reads a model and its hash, off the event loop. */
export interface ReadRequest {
  readonly type: 'read'
  readonly source: ModelSource
}

export interface ReadReply {
  /** The bytes of a model in a file. */
  readonly bytes?: ArrayBuffer | undefined
  readonly sha256: string
}

/** Hashes the data files of a model: SHA-256 of each. */
export interface HashRequest {
  readonly type: 'hash'
  readonly paths: readonly string[]
}

/** Makes the session. */
export interface LoadRequest {
  readonly type: 'load'
  readonly source: ModelSource
  /** Bytes to put behind the model's. */
  readonly suffix?: Uint8Array | undefined
  readonly external: readonly ExternalSource[]
  readonly output: string
  /** Inputs that are the same in every run. */
  readonly constants: readonly ConstantInput[]
}

export interface ConstantInput {
  readonly name: string
  readonly type: string
  readonly dims: readonly number[]
  readonly data: ArrayBufferView | readonly string[]
}

/** What the session says of the output. */
export interface LoadReply {
  readonly isTensor: boolean
  readonly type?: string | undefined
  readonly shape?: readonly (number | string)[] | undefined
  readonly runtime: string
}

/** One input of a job: `count` items of the shape `dims`, one after another. */
export interface PackedInput {
  readonly name: string
  /** The type of the numbers in the buffer, and the type that the model wants; onnxruntime's names. */
  readonly from: string
  readonly to: string
  /** The shape of one item. */
  readonly dims: readonly number[]
  /** Where in the job's buffer the first item begins, in bytes (a multiple of 8). */
  readonly offset: number
  /** The strings of a string tensor, which no buffer holds. */
  readonly strings?: readonly string[] | undefined
}

export interface Reduction {
  readonly pooling: 'none' | 'global-average' | 'cls' | 'mean-tokens'
  /** For global average: whether the channels are the last axis. */
  readonly channelsLast: boolean
  /** For the mean over tokens: the input that says which tokens count. */
  readonly mask?: string | undefined
  readonly normalise: 'none' | 'l2'
}

/** Runs the model over `count` items. */
export interface RunRequest {
  readonly type: 'run'
  readonly buffer: ArrayBuffer
  readonly inputs: readonly PackedInput[]
  readonly count: number
  /** Items a run of the model. The buffer has room for whole runs; what is beyond `count` is zero. */
  readonly perRun: number
  /** False: items have no batch axis in front, and the output is that of one item. */
  readonly batched: boolean
  readonly reduction: Reduction
  /** Numbers a row that are expected; undefined to learn the shape only. */
  readonly dimensions?: number | undefined
}

export interface RunReply {
  /** `count × dimensions` float32 numbers. */
  readonly rows: ArrayBuffer
  /** The shape of the model's output in the first run. */
  readonly shape: readonly number[]
  /** The job's buffer, given back for the next job. */
  readonly buffer: ArrayBuffer
}

export type Request = ReadRequest | HashRequest | LoadRequest | RunRequest

/** A failure that the extractor turns into its own error. */
export interface Failure {
  readonly code: string
  readonly message: string
}

export type Reply<T> = { readonly ok: T } | { readonly failure: Failure; readonly buffer?: ArrayBuffer | undefined }
