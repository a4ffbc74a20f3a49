// IndexPersistence: the directory that an index lives in, what of it is written there, and the files of others that are written with it.

import type { CallOptions } from '../component/call-options.ts'
import { checkDirectory } from '../component/check-directory.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { ReadWriteLock } from '../concurrency/read-write-lock.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { CurrentContent } from './current-content.ts'
import { callDriver, discard, type IndexContent } from './index-content.ts'
import { loadIndex, saveIndex } from './index-files.ts'
import type { AttachmentProvider, VectorOrigin } from './nearest-neighbors-index.ts'
import { checkOrigin } from './origin.ts'

export class IndexPersistence<S> {
  private readonly current: CurrentContent<S>
  private readonly container: DirectoryContainer | undefined
  private readonly directory: string | undefined
  /** Held by everything that writes files, so that an older state is never written over a newer one and `savedVersion` tells what is there. */
  private readonly files = new ReadWriteLock()
  private readonly attachments = new Map<string, AttachmentProvider>()
  private attached: ReadonlyMap<string, Uint8Array> = new Map()
  /** The version of the content that the directory holds. */
  private savedVersion: number | undefined

  constructor(current: CurrentContent<S>, container: DirectoryContainer | undefined, directory: string | undefined) {
    this.current = current
    this.container = container
    this.directory = directory
    if (directory !== undefined) current.need('persist')
  }

  async load(origin: VectorOrigin | undefined, options: CallOptions): Promise<void> {
    const { name, driver } = this.current
    if (!this.container || this.directory === undefined) return
    const loaded = await loadIndex(name, driver, this.container, this.directory, options)
    if (!loaded) return
    const { content } = loaded
    try {
      checkOrigin(content.origin, origin, 'those it is opened for')
    } catch (error) {
      await discard(driver, content.state)
      throw error
    }
    this.current.content = content
    this.attached = loaded.attached
    this.savedVersion = content.version
  }

  /** Puts new content in the place of the old: in the directory, if there is one, then in memory. Gives what stood in memory before. */
  replace(next: IndexContent<S>, options: CallOptions): Promise<IndexContent<S> | undefined> {
    return this.files.write(async () => {
      const takeBack = await this.share(next, options)
      try {
        if (this.directory !== undefined) await this.write(next, this.directory, options)
      } catch (error) {
        await takeBack?.()
        throw error
      }
      return this.current.lock.write(() => {
        const old = this.current.content
        this.current.content = next
        if (this.directory !== undefined) this.savedVersion = next.version
        return old
      })
    }, options.signal)
  }

  /** Lets the driver change what the new content shares with the old. Gives what takes it back. */
  private share(next: IndexContent<S>, options: CallOptions): Promise<(() => Promise<void>) | undefined> {
    const { name, driver, content } = this.current
    return callDriver(name, 'replace', () => driver.replace?.(next.state, content?.state, options), options)
  }

  /** As {@link share}, for content that is written later; what fails leaves nothing behind. */
  async shareOrDiscard(next: IndexContent<S>, options: CallOptions): Promise<void> {
    try {
      await this.share(next, options)
    } catch (error) {
      await discard(this.current.driver, next.state)
      throw error
    }
  }

  async save(directory: string, options: CallOptions): Promise<void> {
    this.current.need('persist')
    checkDirectory(directory, 'save')
    const write = async (): Promise<void> => {
      const { content, name } = this.current
      if (!content) throw new CbirError('EMPTY_INDEX', `The ${name} was never built, so there is nothing to save.`)
      await this.write(content, directory, options)
    }
    await this.files.write(() => this.current.lock.read(write, options.signal), options.signal)
  }

  async flush(options: CallOptions): Promise<void> {
    this.current.need('persist')
    await this.files.write(() => this.current.lock.read(() => this.writeChanges(options), options.signal), options.signal)
  }

  /** Writes what is not in the directory yet. For a caller that holds the lock, or that nobody else runs beside. */
  async writeChanges(options: CallOptions): Promise<void> {
    const { content } = this.current
    if (!content || this.directory === undefined || this.savedVersion === content.version) return
    await this.write(content, this.directory, options)
    this.savedVersion = content.version
  }

  attach(name: string, provide: AttachmentProvider): void {
    this.current.need('persist')
    if (!/^[a-z0-9-]{1,40}$/.test(name)) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `The name of an attachment has 1 to 40 lower-case letters, digits and hyphens, got ${JSON.stringify(name)}.`,
      )
    }
    this.attachments.set(name, provide)
  }

  attachment(name: string): Uint8Array | undefined {
    return this.attached.get(name)?.slice()
  }

  private async write(content: IndexContent<S>, directory: string, options: CallOptions): Promise<void> {
    const { name, driver } = this.current
    if (this.container) await saveIndex(name, driver, this.container, content, directory, this.attachments, options)
  }
}
