// Capabilities: what an index can do beyond build and nearest, told from the methods that its driver has.

import type { DirectoryContainer } from '../component/directory-container.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { DenseRowsDriver } from './dense-rows-driver.ts'
import type { IndexCapability } from './nearest-neighbors-index.ts'

export function capabilitiesOf<S>(driver: DenseRowsDriver<S>, container: DirectoryContainer | undefined): ReadonlySet<IndexCapability> {
  const capabilities = new Set<IndexCapability>()
  if (!driver.finish || driver.appendsAfterFinish) capabilities.add('update')
  if (driver.free) capabilities.add('remove')
  if (driver.within) capabilities.add('range')
  if (driver.save && driver.load && container) capabilities.add('persist')
  if (driver.exact) capabilities.add('exact')
  return capabilities
}

/** @throws CbirError NOT_SUPPORTED */
export function needCapability(name: string, capabilities: ReadonlySet<IndexCapability>, capability: IndexCapability): void {
  if (capabilities.has(capability)) return
  const able = [...capabilities].join(', ') || 'build and search only'
  throw new CbirError('NOT_SUPPORTED', `This ${name} cannot ${capability}; it can: ${able}. Ask supports(index, '${capability}') first.`)
}
