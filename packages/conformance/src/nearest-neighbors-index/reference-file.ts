// The reference index as a file.

import { type AttachmentProvider, CbirError, type VectorOrigin } from '@cbir/core'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import type { MetricName } from './exact-distance.ts'

/** What the reference index holds. */
export interface ReferenceContent {
  readonly vectors: ReadonlyMap<string, Float32Array>
  readonly dimensions: number | undefined
  readonly origin: VectorOrigin
  readonly attached?: ReadonlyMap<string, Uint8Array> | undefined
}

const FILE = 'reference-index.json'

interface Stored {
  readonly metric: MetricName
  readonly origin: VectorOrigin
  readonly dimensions: number
  readonly attached: Readonly<Record<string, readonly number[]>>
  readonly rows: readonly (readonly [string, readonly number[]])[]
}

/** Writes `content`, and the attachments with it, in the place of what `directory` holds. */
export async function writeReferenceFile(
  directory: string,
  metric: MetricName,
  { vectors, origin, dimensions }: ReferenceContent,
  attachments: ReadonlyMap<string, AttachmentProvider>,
): Promise<void> {
  const attached: Record<string, number[]> = {}
  for (const [name, provide] of attachments) {
    const bytes: number[] = []
    for await (const chunk of provide((uid) => vectors.has(uid))) bytes.push(...chunk)
    attached[name] = bytes
  }
  const rows = [...vectors].map(([uid, vector]) => [uid, [...vector]] as const)
  await writeCheckedFile(directory, FILE, { metric, origin: JSON.parse(JSON.stringify(origin)), dimensions: dimensions ?? 0, attached, rows })
}

/** Reads what was written; undefined where there is nothing. @throws CbirError CORRUPT_DATA */
export async function readReferenceFile(directory: string, metric: MetricName): Promise<ReferenceContent | undefined> {
  const stored = (await readCheckedFile(directory, FILE)) as Stored | undefined
  if (!stored) return undefined
  if (stored.metric !== metric) throw new CbirError('CORRUPT_DATA', `${directory} holds an index by ${stored.metric}`)
  const vectors = new Map(stored.rows.map(([uid, row]) => [uid, Float32Array.from(row)]))
  const attached = new Map(Object.entries(stored.attached).map(([name, bytes]) => [name, Uint8Array.from(bytes)]))
  return { vectors, dimensions: stored.dimensions, origin: stored.origin, attached }
}
