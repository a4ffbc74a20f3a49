// Capabilities: what an index can do beyond build and nearest, told from the methods that its driver has.

import type { DirectoryContainer } from '../component/directory-container.ts'
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
