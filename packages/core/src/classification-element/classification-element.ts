// ClassificationElement: what a classifier said of one thing: a confidence for each label.

import type { CallOptions } from '../component/call-options.ts'
import type { Component } from '../component/component.ts'
import type { ElementFactory } from '../component/element-factory.ts'

/** Confidences by label, in the classifier's order of labels. */
export type Classification = ReadonlyMap<string, number>

/**
 * The classification of one uid, which may not have been computed yet. `type` says what computed it. Copied in and out; two elements are equal
 * where their classifications are.
 */
export interface ClassificationElement extends Component {
  readonly kind: 'classification-element'
  readonly type: string
  readonly uid: string
  hasClassifications(options?: CallOptions): Promise<boolean>
  /** A copy. @throws CbirError NOT_FOUND where nothing was set */
  classifications(options?: CallOptions): Promise<Map<string, number>>
  /**
   * Replaces everything by a copy of `confidences`.
   * @throws CbirError INVALID_ARGUMENT (no label, an empty label), NOT_FINITE
   */
  setClassifications(confidences: Classification | Readonly<Record<string, number>>, options?: CallOptions): Promise<void>
}

/** Makes elements where a configuration decides what kind (SMQTK's ClassificationElementFactory). */
export type ClassificationElementFactory = ElementFactory<ClassificationElement>
