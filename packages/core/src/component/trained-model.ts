// TrainedModel: what functors and classifiers have alike: no model at first, one training, and a directory for the outcome.

import { Lifetime } from '../concurrency/lifetime.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign, callForeignNow } from '../errors/wrap-error.ts'
import type { CallOptions } from './call-options.ts'
import { checkDirectory } from './check-directory.ts'
import type { ContainerWriter, DirectoryContainer, Json, OpenContainer } from './directory-container.ts'

type Now<T> = Promise<T> | T

/** The part of a driver that deals with its model. */
export interface ModelDriver<M> {
  /** The model of a component that needs no training. */
  readonly model?: M | undefined
  /** Facts that a saved model and the one that opens it must share. */
  readonly layout?: { readonly [key: string]: Json } | undefined
  /** With `load`, and a container: ability `persist`. */
  save?(model: M, writer: ContainerWriter, options: CallOptions): Now<void>
  /** Reads what `save` wrote. The checksums are right, the content must still be checked. @throws CbirError CORRUPT_DATA */
  load?(container: OpenContainer, options: CallOptions): Now<M>
  close?(model: M): Now<void>
}

export interface ModelStorage {
  /** How the model is written; `directoryContainer` of `@cbir/core/node`. Without it, it cannot be saved. */
  readonly container?: DirectoryContainer | undefined
}

export interface ModelDirectory {
  readonly container: DirectoryContainer
  /** The model in it is opened; a training writes to it before it counts. */
  readonly directory: string
}

/** Ability `persist` of what has a model. */
export interface PersistableModel {
  /** Writes the model into a directory, whole or not at all. @throws CbirError NOT_TRAINED, IO_FAILED */
  save(directory: string, options?: CallOptions): Promise<void>
  /**
   * Opens the model that `save` wrote, in a component that has none and the same configuration. May be missing in one that was made without core's
   * `define…`.
   * @throws CbirError ALREADY_TRAINED, NOT_FOUND (nothing was saved there), CORRUPT_DATA, INVALID_CONFIG (saved with another layout), IO_FAILED
   */
  load?(directory: string, options?: CallOptions): Promise<void>
}

const FORMAT_VERSION = 1

/** Keeps the model of one component. */
export class TrainedModel<M> {
  private readonly kind: string
  private readonly name: string
  private readonly driver: ModelDriver<M>
  private readonly storage: ModelStorage & { readonly directory?: string | undefined }
  private readonly lifetime: Lifetime
  private model: M | undefined
  private training = false

  constructor(kind: string, name: string, driver: ModelDriver<M>, storage: ModelStorage & { readonly directory?: string | undefined }) {
    this.kind = kind
    this.name = name
    this.driver = driver
    this.storage = storage
    this.lifetime = new Lifetime(name)
    this.model = driver.model
    if (storage.directory !== undefined) this.needPersist()
  }

  /** The model, where there is one. */
  get current(): M | undefined {
    return this.model
  }

  get persists(): boolean {
    return Boolean(this.storage.container && this.driver.save && this.driver.load)
  }

  /** Runs a call that needs the model; its first part before the promise is out. @throws CbirError NOT_TRAINED, DISPOSED, ABORTED */
  use<T>(work: (model: M) => Now<T>, signal?: AbortSignal): Promise<T> {
    return this.lifetime.run(() => {
      if (this.model === undefined) {
        throw new CbirError('NOT_TRAINED', `${this.name} has no model yet. Train it, or open the directory of a saved one.`)
      }
      return work(this.model)
    }, signal)
  }

  /** Runs the driver's own code. */
  foreign<T>(work: () => Now<T>, signal?: AbortSignal): Promise<T> {
    return callForeign(work, 'ADAPTER_FAULT', () => `${this.name} failed`, signal)
  }

  /** As {@link foreign}; a plain value is given as it is. */
  foreignNow<T>(work: () => Now<T>, signal?: AbortSignal): Now<T> {
    return callForeignNow(work, 'ADAPTER_FAULT', () => `${this.name} failed`, signal)
  }

  /** Sets the model that `work` gives. @throws CbirError ALREADY_TRAINED, NOT_SUPPORTED (`work` is undefined), DISPOSED, ABORTED */
  train(work: (() => Promise<M>) | undefined, options: CallOptions): Promise<void> {
    return this.lifetime.run(() => {
      if (!work) throw new CbirError('NOT_SUPPORTED', `${this.name} is not trained: it works as it is.`)
      return this.set(work, options)
    }, options.signal)
  }

  private async set(work: () => Promise<M>, options: CallOptions): Promise<void> {
    if (this.model !== undefined || this.training) {
      throw new CbirError('ALREADY_TRAINED', `${this.name} has a model already, or is being trained. Create a new one to train it on other data.`)
    }
    this.training = true
    try {
      const model = await this.foreign(work, options.signal)
      if (this.storage.directory !== undefined) await this.write(model, this.storage.directory, options)
      this.model = model
    } finally {
      this.training = false
    }
  }

  /** @throws CbirError NOT_SUPPORTED, NOT_TRAINED, INVALID_ARGUMENT, IO_FAILED */
  save(directory: string, options: CallOptions): Promise<void> {
    return this.use((model) => {
      this.needPersist()
      checkDirectory(directory, 'save')
      return this.write(model, directory, options)
    }, options.signal)
  }

  /** Opens the model in the directory, if there is one. @throws CbirError CORRUPT_DATA, INVALID_CONFIG (saved with another layout), IO_FAILED */
  async load(options: CallOptions): Promise<void> {
    this.model = await this.read(this.storage.directory ?? '', options)
  }

  /** Takes the model that another directory holds, as if it had been trained. @throws CbirError as {@link PersistableModel.load} */
  take(directory: string, options: CallOptions): Promise<void> {
    const read = async (): Promise<M> => {
      const model = await this.read(directory, options)
      if (model !== undefined) return model
      throw new CbirError('NOT_FOUND', `${directory} holds no model of ${this.name}. Give the directory that save wrote to.`)
    }
    return this.lifetime.run(() => {
      this.needPersist()
      checkDirectory(directory, 'load')
      return this.set(read, options)
    }, options.signal)
  }

  private async read(directory: string, options: CallOptions): Promise<M | undefined> {
    const opened = await this.storage.container?.open(directory, { ...options, type: this.type })
    if (!opened) return undefined
    try {
      const { formatVersion, layout } = opened.header
      if (formatVersion !== FORMAT_VERSION) {
        throw new CbirError('CORRUPT_DATA', `${directory} holds format ${formatVersion}; this version reads ${FORMAT_VERSION}. Train again.`)
      }
      const [saved, own] = [JSON.stringify(layout), JSON.stringify(this.driver.layout ?? {})]
      if (saved !== own) {
        throw new CbirError(
          'INVALID_CONFIG',
          `The ${this.name} in ${directory} was saved with ${saved}, but is opened with ${own}. Open it with the former.`,
        )
      }
      return await this.foreign(() => this.driver.load?.(opened, options) as Now<M>, options.signal)
    } finally {
      await opened.close()
    }
  }

  dispose(): Promise<void> {
    return this.lifetime.dispose(async () => {
      if (this.model !== undefined) await this.driver.close?.(this.model)
    })
  }

  private get type(): string {
    return `${this.kind}/${this.name}`
  }

  private needPersist(): void {
    if (!this.persists) throw new CbirError('NOT_SUPPORTED', `This ${this.name} cannot be saved.`)
  }

  private async write(model: M, directory: string, options: CallOptions): Promise<void> {
    const header = { type: this.type, formatVersion: FORMAT_VERSION, layout: this.driver.layout ?? {} }
    const fill = (writer: ContainerWriter): Promise<void> => this.foreign(() => this.driver.save?.(model, writer, options), options.signal)
    await this.storage.container?.write(directory, header, fill, options)
  }
}
