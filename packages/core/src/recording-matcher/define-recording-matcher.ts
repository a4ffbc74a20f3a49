// defineRecordingMatcher: an adapter gives a driver over numbered recordings; core gives names, checks, locking, abort, files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import { checkDirectory } from '../component/check-directory.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { needCapability } from '../component/need-capability.ts'
import { guardCalls } from '../concurrency/guard.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { pull, startNow } from '../vectors/pull.ts'
import { checkUid, unknownUidError } from '../vectors/uids.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { type OpenSound, openSound } from './open-sound.ts'
import type {
  PersistableRecordingMatcher,
  Recording,
  RecordingMatch,
  RecordingMatcher,
  RecordingMatcherCapability,
  RemovableRecordingMatcher,
} from './recording-matcher.ts'
import type { RecordingMatcherDriver, RowMatch } from './recording-matcher-driver.ts'
import { loadMatcher, type MatcherContent, openMatcherContent, saveMatcher } from './recording-matcher-files.ts'

/** A matcher with every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedRecordingMatcher = RecordingMatcher & RemovableRecordingMatcher & PersistableRecordingMatcher

export interface RecordingMatcherStorage {
  /** How the matcher is written; `directoryContainer` of `@cbir/core/node`. Without it the matcher cannot be saved. */
  readonly container?: DirectoryContainer | undefined
}

export interface RecordingMatcherDirectory {
  readonly container: DirectoryContainer
  /** Opened if something is there; `flush` and `dispose` write what changed. */
  readonly directory: string
}

/** A recording matcher in memory over a driver. */
export function defineRecordingMatcher<S, F>(
  identity: Identity,
  driver: RecordingMatcherDriver<S, F>,
  storage: RecordingMatcherStorage = {},
): DefinedRecordingMatcher {
  return makeMatcher(identity, driver, storage.container, undefined, undefined)
}

/**
 * A recording matcher over a driver that lives in a directory.
 * @throws CbirError CORRUPT_DATA, INVALID_CONFIG (saved with another layout), IO_FAILED, NOT_SUPPORTED (the driver cannot save)
 */
export async function openRecordingMatcher<S, F>(
  identity: Identity,
  driver: RecordingMatcherDriver<S, F>,
  { container, directory }: RecordingMatcherDirectory,
  options: CallOptions = {},
): Promise<DefinedRecordingMatcher> {
  const { name } = describeComponent('recording-matcher', identity)
  if (!driver.save || !driver.load) throw new CbirError('NOT_SUPPORTED', `${name} cannot be saved, so it cannot live in a directory.`)
  return makeMatcher(identity, driver, container, directory, await loadMatcher(name, driver, container, directory, options))
}

function makeMatcher<S, F>(
  identity: Identity,
  driver: RecordingMatcherDriver<S, F>,
  container: DirectoryContainer | undefined,
  directory: string | undefined,
  loaded: MatcherContent<S> | undefined,
): DefinedRecordingMatcher {
  const component = describeComponent('recording-matcher', identity)
  const { name } = component
  const guard = guardCalls(name, 'ADAPTER_FAULT')
  let content = loaded
  let version = 0
  let savedVersion = 0

  const capabilities = new Set<RecordingMatcherCapability>()
  if (driver.free) capabilities.add('remove')
  if (container && driver.save && driver.load) capabilities.add('persist')

  const need = (capability: RecordingMatcherCapability): void => needCapability(name, capabilities, capability)
  const call = <T>(method: string, work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> =>
    callForeign(work, 'ADAPTER_FAULT', () => `${name} failed in ${method}`, signal)
  const count = (): number => content?.table.count ?? 0
  const refuseKnown = (id: string): void => {
    if (!content?.table.has(id)) return
    throw new CbirError('DUPLICATE_UID', `${name} holds a recording ${JSON.stringify(id)} already. Remove it first, or give this one another id.`, {
      details: { uids: [id] },
    })
  }

  async function fingerprintOf(sound: OpenSound, purpose: 'recording' | 'query', options: CallOptions): Promise<F | undefined> {
    try {
      return await call('fingerprint', () => driver.fingerprint(sound, purpose, options), options.signal)
    } finally {
      await sound.close()
    }
  }

  /** Fingerprints beside whatever else goes on, and then adds alone. */
  async function insert(id: string, sound: OpenSound, options: CallOptions): Promise<void> {
    try {
      refuseKnown(id)
    } catch (error) {
      await sound.close()
      throw error
    }
    const fingerprint = await fingerprintOf(sound, 'recording', options)
    if (fingerprint === undefined) {
      const samples = `${sound.read} samples at ${sound.sampleRate} Hz`
      throw new CbirError('EMPTY', `The recording ${JSON.stringify(id)} (${samples}) holds nothing to recognise it by. Is it silent, or too short?`)
    }
    await guard.exclude(async () => {
      refuseKnown(id)
      content ??= await openMatcherContent(name, driver)
      const { table, state } = content
      const [free] = table.freeRows(1)
      await call('put', () => driver.put(state, free ?? table.size, fingerprint, options), options.signal)
      if (free === undefined) table.push(id)
      else {
        table.takeFreeRows(1)
        table.name(free, id)
      }
      version++
    }, options.signal)
  }

  async function answer(sound: OpenSound, options: CallOptions): Promise<RecordingMatch | undefined> {
    const fingerprint = await fingerprintOf(sound, 'query', options)
    if (fingerprint === undefined) return undefined
    return guard.share(async () => {
      if (!content || content.table.count === 0) return undefined
      const { state, table } = content
      const found = await call('match', () => driver.match(state, fingerprint, options), options.signal)
      return found && named(name, found, table.uidAt(found.row))
    }, options.signal)
  }

  async function write(to: string, options: CallOptions): Promise<void> {
    const written = content ?? (await openMatcherContent(name, driver))
    try {
      if (container) await saveMatcher(name, driver, container, written, to, options)
    } finally {
      if (written !== content) await driver.close?.(written.state)
    }
  }

  async function writeChanges(options: CallOptions): Promise<void> {
    if (directory === undefined || savedVersion === version) return
    const now = version
    await write(directory, options)
    savedVersion = now
  }

  async function closeContent(): Promise<void> {
    const last = content
    content = undefined
    if (last) await driver.close?.(last.state)
  }

  return {
    ...component,
    capabilities,
    get count() {
      return count()
    },
    has: (id) => content?.table.has(id) ?? false,

    add(id, sound, options = {}) {
      return guard.hold(async () => {
        checkUid(id, 0)
        await insert(id, openSound(sound, options), options)
        return count()
      }, options.signal)
    },

    addMany(recordings, options = {}) {
      const { signal, onProgress } = options
      return guard.hold(async () => {
        const take = (recording: Recording): { readonly id: string; readonly sound: OpenSound } => {
          if (typeof recording !== 'object' || recording === null) {
            throw new CbirError('INVALID_ARGUMENT', `A recording is { id, sound }, got ${describeType(recording)}.`)
          }
          checkUid(recording.id, 0)
          return { id: recording.id, sound: openSound(recording.sound, { signal }) }
        }
        const opened = startNow(pull(recordings, take, signal))
        let recordingsAdded = 0
        try {
          for await (const { id, sound } of opened.values) {
            await insert(id, sound, { signal })
            recordingsAdded++
            onProgress?.({ done: recordingsAdded })
          }
          return count()
        } catch (error) {
          throw withDetails(error, { recordingsAdded })
        } finally {
          await opened.close()
        }
      }, signal)
    },

    async remove(ids, options = {}) {
      return guard.hold(async () => {
        need('remove')
        const list = copyUids(ids)
        await checkUids(list, true, options.signal)
        return guard.exclude(async () => {
          const unknown = list.filter((id) => !content?.table.has(id))
          if (unknown.length > 0) throw unknownUidError(name, unknown)
          if (!content || list.length === 0) return count()
          const { state, table } = content
          const rows = Uint32Array.from(list, (id) => table.rowOf(id)!)
          await call('free', () => driver.free?.(state, rows, options), options.signal)
          for (const id of list) table.remove(id)
          version++
          return table.count
        }, options.signal)
      }, options.signal)
    },

    match: (sound, options = {}) => guard.hold(() => answer(openSound(sound, options), options), options.signal),

    matchMany(sounds, options = {}) {
      const { signal, onProgress } = options
      return guard.hold(async () => {
        const opened = startNow(pull(sounds, (sound) => openSound(sound, { signal }), signal))
        const answers: (RecordingMatch | undefined)[] = []
        const slice = new TimeSlice()
        try {
          for await (const sound of opened.values) {
            answers.push(await answer(sound, { signal }))
            onProgress?.({ done: answers.length })
            if (slice.due()) await slice.pause()
          }
          return answers
        } finally {
          await opened.close()
        }
      }, signal)
    },

    async save(to, options = {}) {
      return guard.read(() => {
        need('persist')
        checkDirectory(to, 'save')
        return write(to, options)
      }, options.signal)
    },

    async flush(options = {}) {
      return guard.read(() => {
        need('persist')
        return writeChanges(options)
      }, options.signal)
    },

    dispose: () => guard.dispose(() => writeChanges({}).finally(closeContent)),
  }
}

/** The match with the name of its row. @throws CbirError ADAPTER_FAULT for a match that cannot be */
function named(name: string, { row, offset, confidence }: RowMatch, id: string | undefined): RecordingMatch {
  if (id !== undefined && Number.isFinite(offset) && confidence >= 0 && confidence <= 1) return { id, offset, confidence }
  throw new CbirError('ADAPTER_FAULT', `${name} gave a match that cannot be: row ${row}, offset ${offset}, confidence ${confidence}.`)
}
