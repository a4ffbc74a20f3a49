// Group `configuration`: an index can say from what data it would be made again.

import { sameData } from '../../framework/check.ts'
import { configurationGroup as groupOfComponents } from '../../framework/component-groups.ts'
import type { IndexCase, IndexGroup, NearestNeighborsIndexSuiteOptions } from '../index-case.ts'

export const configurationGroup: IndexGroup = groupOfComponents<IndexCase, NearestNeighborsIndexSuiteOptions>({
  'made again it has the same abilities': async (t) => {
    const { fromConfig } = t.options
    if (!fromConfig) return
    const again = t.keep(await fromConfig(JSON.parse(JSON.stringify((await t.make()).toConfig()))))
    sameData([...again.capabilities].sort(), [...t.options.capabilities].sort(), 'abilities of fromConfig(toConfig())')
  },
  'content changes no configuration': async (t) => {
    const { fromConfig } = t.options
    if (!fromConfig) return
    const index = await t.make()
    const empty = index.toConfig()
    await index.build([t.items()])
    sameData(index.toConfig(), empty, 'toConfig of an index with rows')
  },
})
