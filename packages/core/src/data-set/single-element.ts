// The single-item forms of a data set: a batch of one, for any set.

import type { CallOptions } from '../component/call-options.ts'
import type { DataElement } from '../data-element/data-element.ts'
import type { DataSet } from './data-set.ts'

/** The element whose bytes have that SHA-1. @throws CbirError UNKNOWN_UID */
export async function getElement(set: DataSet, uuid: string, options?: CallOptions): Promise<DataElement> {
  return (await set.getMany([uuid], options))[0] as DataElement
}

export async function addElement(set: DataSet, element: DataElement, options?: CallOptions): Promise<void> {
  await set.addMany([[element]], options)
}

export async function hasElement(set: DataSet, uuid: string, options?: CallOptions): Promise<boolean> {
  return (await set.hasMany([uuid], options))[0] === 1
}
