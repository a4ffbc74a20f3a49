// DescriptorElement: one descriptor as an object; the readable form. Hot paths use batches and DescriptorSet.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { ElementFactory } from '../component/element-factory.ts'

/**
 * A named vector, which may not have been computed yet. `type` says what computed it (SMQTK's type name).
 * Vectors are copied in and out. Two elements are equal where their vectors are.
 */
export interface DescriptorElement extends Component {
  readonly kind: 'descriptor-element'
  readonly type: string
  readonly uid: string
  hasVector(options?: CallOptions): Promise<boolean>
  /** A copy of the vector. @throws CbirError NO_VECTOR */
  vector(options?: CallOptions): Promise<Float32Array>
  /** Stores a copy; `null` clears. @throws CbirError NOT_FINITE, INVALID_ARGUMENT (empty vector) */
  setVector(vector: Float32Array | null, options?: CallOptions): Promise<void>
}

/** Makes elements where a configuration decides what kind (SMQTK's DescriptorElementFactory). */
export type DescriptorElementFactory = ElementFactory<DescriptorElement>
