// DataSet: data elements by content uuid.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { DataElement } from '../data-element/data-element.ts'
import type { Source } from '../vectors/source.ts'

/**
 * Data elements, found by the SHA-1 of their bytes. A set over places, such as a folder, may hold several elements of equal bytes: `elements`
 * gives each of them, under its own label, and `getMany` the first.
 *
 * Errors that every set gives alike: INVALID_ARGUMENT, UNKNOWN_UID (`details.uids` names the uuids), READ_ONLY, IO_FAILED, SOURCE_FAILED, ABORTED,
 * DISPOSED.
 */
export interface DataSet extends Component {
  readonly kind: 'data-set'
  readonly readOnly: boolean
  /** How many elements `elements` gives. */
  count(options?: CallOptions): Promise<number>
  /** `1` where an element with that uuid is in the set, else `0`; one byte a uuid. */
  hasMany(uuids: readonly string[], options?: CallOptions): Promise<Uint8Array>
  /** The elements in the order of `uuids`; a uuid may occur more than once. @throws CbirError UNKNOWN_UID */
  getMany(uuids: readonly string[], options?: CallOptions): Promise<DataElement[]>
  /**
   * Adds elements; one whose bytes are in the set already takes the place of the old one. Atomic per batch of the source. Gives how many
   * elements were read; an error carries `details.batchesApplied`. The uuid of an element is taken when it is added: changing its bytes
   * afterwards does not move it.
   */
  addMany(source: Source<readonly DataElement[]>, options?: CallOptions): Promise<number>
  /** Every element, one by one. Elements added or removed after the start may be in it or not. */
  elements(options?: CallOptions): AsyncIterable<DataElement>
  /** The uuids of `elements`, in its order, each once. */
  uuids(options?: CallOptions): AsyncIterable<string>
  dispose(): Promise<void>
}
