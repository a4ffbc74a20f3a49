// Element factories: where a configuration, and not the code, decides what kind of element is made (SMQTK's …ElementFactory).

import type { Component } from './component.ts'

/** Makes elements of one kind. `type` says what computes their content, `uid` is whose it is. */
export interface ElementFactory<E extends Component> {
  create(type: string, uid: string): E
}

/**
 * A factory of the elements that a plugin makes; `config` is what they have in common.
 * @example const files = elementFactory(someElementPlugin, { directory: 'descriptors' })
 */
export function elementFactory<E extends Component, Config extends object>(
  plugin: (config: Config & { readonly type: string; readonly uid: string }) => E,
  config: Config,
): ElementFactory<E> {
  return { create: (type, uid) => plugin({ ...config, type, uid }) }
}
