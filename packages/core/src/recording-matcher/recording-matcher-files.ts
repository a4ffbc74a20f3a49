// The files of a saved recording matcher: core's header and table of ids, and what the driver adds.

import type { CallOptions } from '../component/call-options.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { RowTable } from '../nearest-neighbors-index/row-table.ts'
import { readRowTable, writeRowTable } from '../nearest-neighbors-index/row-table-file.ts'
import type { RecordingMatcherDriver } from './recording-matcher-driver.ts'

const IDS_FILE = 'ids'
const FORMAT_VERSION = 1

/** What a matcher holds. */
export interface MatcherContent<S> {
  readonly state: S
  readonly table: RowTable
}

const typeOf = (name: string): string => `recording-matcher/${name}`

export async function openMatcherContent<S, F>(name: string, driver: RecordingMatcherDriver<S, F>): Promise<MatcherContent<S>> {
  return {
    state: await callForeign(
      () => driver.open(),
      'ADAPTER_FAULT',
      () => `${name} failed in open`,
    ),
    table: new RowTable(),
  }
}

/** Writes content into a directory, whole or not at all. */
export function saveMatcher<S, F>(
  name: string,
  driver: RecordingMatcherDriver<S, F>,
  container: DirectoryContainer,
  { state, table }: MatcherContent<S>,
  directory: string,
  options: CallOptions,
): Promise<void> {
  const header = { type: typeOf(name), formatVersion: FORMAT_VERSION, rows: table.size, layout: driver.layout ?? {} }
  return container.write(
    directory,
    header,
    async (writer) => {
      await writer.write(IDS_FILE, writeRowTable(table))
      await callForeign(
        () => driver.save?.(state, writer, options),
        'ADAPTER_FAULT',
        () => `${name} failed in save`,
        options.signal,
      )
    },
    options,
  )
}

/** The content of a directory; undefined where nothing was saved. @throws CbirError CORRUPT_DATA, INVALID_CONFIG (another layout), IO_FAILED */
export async function loadMatcher<S, F>(
  name: string,
  driver: RecordingMatcherDriver<S, F>,
  container: DirectoryContainer,
  directory: string,
  options: CallOptions,
): Promise<MatcherContent<S> | undefined> {
  const opened = await container.open(directory, { ...options, type: typeOf(name) })
  if (!opened) return undefined
  try {
    const { formatVersion, rows, layout } = opened.header
    const ours = formatVersion === FORMAT_VERSION && Number.isInteger(rows) && (rows as number) >= 0 && (rows as number) < 2 ** 32
    if (!ours) {
      throw new CbirError(
        'CORRUPT_DATA',
        `The recordings in ${directory} have format ${formatVersion} and ${String(rows)} rows; this version reads format ${FORMAT_VERSION}. Restore it from a copy or add them again.`,
      )
    }
    const own = driver.layout ?? {}
    if (JSON.stringify(layout) !== JSON.stringify(own)) {
      throw new CbirError(
        'INVALID_CONFIG',
        `The ${name} in ${directory} was saved with ${JSON.stringify(layout)}, but is opened with ${JSON.stringify(own)}. Open it with the former, or add the recordings again.`,
      )
    }
    const table = await readRowTable(await opened.read(IDS_FILE, options), rows as number)
    const load = (): Promise<S> | S => driver.load?.(opened, table.live(), options) as Promise<S> | S
    return { state: await callForeign(load, 'ADAPTER_FAULT', () => `${name} failed in load`, options.signal), table }
  } finally {
    await opened.close()
  }
}
