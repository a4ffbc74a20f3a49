// What a component says that is asked for something that this instance cannot do.

import { CbirError } from '../errors/cbir-error.ts'

/** @throws CbirError NOT_SUPPORTED */
export function needCapability<C extends string>(name: string, capabilities: ReadonlySet<C>, capability: C): void {
  if (capabilities.has(capability)) return
  const able = [...capabilities].join(', ') || 'none'
  throw new CbirError('NOT_SUPPORTED', `This ${name} cannot ${capability}. Its capabilities: ${able}. Ask supports(…, '${capability}') first.`)
}
