// What the configuration of every element in memory says.

import { field, objectSchema } from '../config/object-schema.ts'
import type { StandardSchema } from '../config/standard-schema.ts'

/** Which element it is. What it holds is state, not configuration. */
export interface ElementConfig {
  /** What computes the content, e.g. the name of an extractor. */
  readonly type: string
  /** Whose content it is. */
  readonly uid: string
}

export const elementConfigSchema: StandardSchema<unknown, ElementConfig> = objectSchema<ElementConfig>({
  type: field.string({ minLength: 1 }),
  uid: field.string({ minLength: 1 }),
})
