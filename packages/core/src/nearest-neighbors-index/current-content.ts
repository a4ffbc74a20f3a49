// CurrentContent: what an index answers from now, and the lock between those who search it and those who change it.

import type { DirectoryContainer } from '../component/directory-container.ts'
import { needCapability } from '../component/need-capability.ts'
import { ReadWriteLock } from '../concurrency/read-write-lock.ts'
import { capabilitiesOf } from './capabilities.ts'
import type { DenseRowsDriver } from './dense-rows-driver.ts'
import type { IndexContent } from './index-content.ts'
import type { IndexCapability } from './nearest-neighbors-index.ts'

/** What the searcher, the writer and the files of one index share. */
export class CurrentContent<S> {
  readonly name: string
  readonly driver: DenseRowsDriver<S>
  readonly capabilities: ReadonlySet<IndexCapability>
  readonly lock: ReadWriteLock = new ReadWriteLock()
  /** Undefined before the first build. */
  content: IndexContent<S> | undefined

  constructor(name: string, driver: DenseRowsDriver<S>, container: DirectoryContainer | undefined) {
    this.name = name
    this.driver = driver
    this.capabilities = capabilitiesOf(driver, container)
  }

  get count(): number {
    return this.content?.table.count ?? 0
  }

  /** @throws CbirError NOT_SUPPORTED */
  need(capability: IndexCapability): void {
    needCapability(this.name, this.capabilities, capability)
  }
}
