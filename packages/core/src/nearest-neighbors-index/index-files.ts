// The files of a saved index: core's header and table of uids, and what the driver adds.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerHeader, DirectoryContainer, OpenContainer } from '../component/directory-container.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { DenseRowsDriver, Layout, RowBitmap, SavedShape } from './dense-rows-driver.ts'
import { callDriver, type IndexContent, nextVersion } from './index-content.ts'
import type { AttachmentProvider, VectorOrigin } from './nearest-neighbors-index.ts'
import { readRowTable, writeRowTable } from './row-table-file.ts'

const UIDS_FILE = 'uids'
const ATTACHED = 'attached-'
const FORMAT_VERSION = 1

interface IndexHeader extends ContainerHeader {
  readonly dimensions: number
  readonly rows: number
  readonly layout: Layout
  readonly origin: { readonly [key: string]: string }
}

const typeOf = (name: string): string => `nearest-neighbors-index/${name}`

/** The name of the file that holds an attachment. */
export function attachmentFile(name: string): string {
  return ATTACHED + name
}

/** Writes content into a directory, whole or not at all. */
export async function saveIndex<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  container: DirectoryContainer,
  content: IndexContent<S>,
  directory: string,
  attachments: ReadonlyMap<string, AttachmentProvider>,
  options: CallOptions,
): Promise<void> {
  const header: IndexHeader = {
    type: typeOf(name),
    formatVersion: FORMAT_VERSION,
    dimensions: content.dimensions,
    rows: content.table.size,
    layout: driver.layout ?? {},
    origin: { ...content.origin } as { readonly [key: string]: string },
  }
  await container.write(
    directory,
    header,
    async (writer) => {
      await writer.write(UIDS_FILE, writeRowTable(content.table))
      await callDriver(name, 'save', () => driver.save?.(content.state, writer, options), options)
      for (const [attachment, provide] of attachments)
        await writer.write(
          ATTACHED + attachment,
          provide((uid) => content.table.has(uid)),
        )
    },
    options,
  )
}

/** What core has written of a saved index beside the driver's files: its shape and the names of its rows. */
export interface SavedIndex extends SavedShape {
  readonly layout: Layout
  /** The rows that have a name. */
  readonly live: RowBitmap
}

/** @param directory where the generation is, for messages. @throws CbirError CORRUPT_DATA */
export async function readSavedIndex(opened: OpenContainer, directory: string, options: CallOptions): Promise<SavedIndex> {
  const { dimensions, rows, layout } = checkHeader(opened, directory)
  const names = await readRowTable(await opened.read(UIDS_FILE, options), rows)
  return { dimensions, rows, layout, names, live: names.live() }
}

/** What a directory holds. */
export interface LoadedIndex<S> {
  readonly content: IndexContent<S>
  readonly attached: ReadonlyMap<string, Uint8Array>
}

/** The content of a directory; `undefined` where nothing was saved. @throws CbirError CORRUPT_DATA, INVALID_CONFIG (another layout) */
export async function loadIndex<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  container: DirectoryContainer,
  directory: string,
  options: CallOptions,
): Promise<LoadedIndex<S> | undefined> {
  const opened = await container.open(directory, { ...options, type: typeOf(name) })
  if (!opened) return undefined
  try {
    const header = checkHeader(opened, directory)
    checkLayout(name, driver.layout ?? {}, header.layout, directory)
    const table = await readRowTable(await opened.read(UIDS_FILE, options), header.rows)
    const { dimensions, rows } = header
    const attached = new Map<string, Uint8Array>()
    for (const file of opened.files) {
      if (file.name.startsWith(ATTACHED)) attached.set(file.name.slice(ATTACHED.length), await opened.read(file.name, options))
    }
    const state = await callDriver(name, 'load', () => driver.load?.(opened, { dimensions, rows, names: table }, options) as Promise<S>, options)
    return { content: { state, dimensions, table, origin: header.origin as VectorOrigin, version: nextVersion() }, attached }
  } finally {
    await opened.close()
  }
}

function checkHeader(opened: OpenContainer, directory: string): IndexHeader {
  const { header } = opened
  const { dimensions, rows, layout, origin } = header as Partial<IndexHeader>
  if (header.formatVersion !== FORMAT_VERSION) {
    throw new CbirError(
      'CORRUPT_DATA',
      `${directory} holds an index of format ${header.formatVersion}; this version reads format ${FORMAT_VERSION}. Build it again or use the version that wrote it.`,
    )
  }
  const positive = (n: unknown, least: number): boolean => Number.isInteger(n) && (n as number) >= least && (n as number) < 2 ** 32
  if (
    !positive(dimensions, 1) ||
    !positive(rows, 0) ||
    typeof layout !== 'object' ||
    typeof origin !== 'object' ||
    layout === null ||
    origin === null
  ) {
    throw new CbirError('CORRUPT_DATA', `The header of the index in ${directory} lacks its shape. Restore it from a copy or build it again.`)
  }
  return header as IndexHeader
}

function checkLayout(name: string, own: Layout, saved: Layout, directory: string): void {
  for (const field of new Set([...Object.keys(own), ...Object.keys(saved)])) {
    if (own[field] === saved[field]) continue
    throw new CbirError(
      'INVALID_CONFIG',
      `The ${name} in ${directory} was saved with ${field} = ${JSON.stringify(saved[field])}, but is opened with ${JSON.stringify(own[field])}. Open it with the former, or build it again.`,
      { details: { issues: [{ path: field, message: `saved as ${JSON.stringify(saved[field])}` }] } },
    )
  }
}
