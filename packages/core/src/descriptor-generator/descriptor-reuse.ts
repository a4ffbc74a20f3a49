// Reuse: descriptors kept in a DescriptorSet under (producer, content, part), and found again.

import type { CallOptions } from '../component/call-options.ts'
import type { Attributes, DescriptorItems, DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import { joinRows } from '../vectors/join-rows.ts'
import type { Descriptors, PartPosition } from './descriptor-generator.ts'

/** The uid of one part in the store. */
function uidOf(producer: string, content: string, part: number): string {
  return `${producer}:${content}:${part}`
}

/** How a set of descriptors is written: one row a part, whose attributes say how many parts there are. */
export async function toItems(
  producer: string,
  entries: readonly { readonly content: string; readonly descriptors: Descriptors }[],
  dimensions: number,
): Promise<DescriptorItems> {
  const uids: string[] = []
  const attributes: Attributes[] = []
  for (const { content, descriptors } of entries) {
    for (const { index, start, end } of descriptors.parts) {
      uids.push(uidOf(producer, content, index))
      attributes.push({ parts: descriptors.parts.length, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) })
    }
  }
  const vectors = await joinRows(
    entries.map(({ descriptors }) => descriptors.vectors),
    dimensions,
  )
  return { uids, vectors, attributes }
}

/** Whether every part of a content is in the store: a run that was cut off between two batches leaves the first parts only. */
export async function isStored(store: DescriptorSet, producer: string, content: string, options: CallOptions): Promise<boolean> {
  if ((await store.hasMany([uidOf(producer, content, 0)], options))[0] !== 1) return false
  const uids = await partUids(store, producer, content, options)
  return uids.length === 1 || (await store.hasMany(uids, options)).every((has) => has === 1)
}

/** The stored descriptors of a content. @throws CbirError UNKNOWN_UID */
export async function readStored(
  store: DescriptorSet,
  producer: string,
  content: string,
  dimensions: number,
  options: CallOptions,
): Promise<Descriptors> {
  const uids = await partUids(store, producer, content, options)
  const data = new Float32Array(uids.length * dimensions)
  await store.getVectors(uids, data, options)
  const attributes = await store.getAttributes(uids, options)
  return { vectors: { data, count: uids.length, dimensions }, parts: attributes.map(toPosition) }
}

async function partUids(store: DescriptorSet, producer: string, content: string, options: CallOptions): Promise<string[]> {
  const [head] = await store.getAttributes([uidOf(producer, content, 0)], options)
  const parts = typeof head?.['parts'] === 'number' ? head['parts'] : 1
  return Array.from({ length: parts }, (_, i) => uidOf(producer, content, i))
}

function toPosition(attributes: Attributes | undefined, index: number): PartPosition {
  const position: { index: number; start?: number; end?: number } = { index }
  if (typeof attributes?.['start'] === 'number') position.start = attributes['start']
  if (typeof attributes?.['end'] === 'number') position.end = attributes['end']
  return position
}
