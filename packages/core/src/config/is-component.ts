// Whether a value is a live component, whoever made it.

import type { Component } from '../component/component.ts'

export function isComponent(value: unknown): value is Component {
  const component = value as Partial<Component> | null
  if ((typeof component !== 'object' && typeof component !== 'function') || component === null) return false
  return typeof component.kind === 'string' && typeof component.name === 'string' && typeof component.toConfig === 'function'
}
