// Group `configuration`: an index can say from what data it would be made again.

import { CbirError } from '@cbir/core'
import { ok, sameData, throws } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const configurationGroup: IndexGroup = {
  name: 'configuration',
  rule: 'config is always data: fromConfig(toConfig()) gives an equal component; what JSON cannot hold makes toConfig throw NOT_SERIALIZABLE',
  cases: {
    'toConfig gives data, or NOT_SERIALIZABLE': async (t) => {
      const index = await t.create()
      let config: unknown
      try {
        config = index.toConfig()
      } catch (error) {
        ok(CbirError.isInstance(error, 'NOT_SERIALIZABLE'), 'toConfig throws nothing but NOT_SERIALIZABLE')
        ok(!t.options.fromConfig, 'an index that is made from data can be written as data')
        return
      }
      sameData(JSON.parse(JSON.stringify(config)), config, 'the configuration after a round trip through JSON')
      sameData(Object.keys(config as object).sort(), ['config', 'package', 'type'], 'keys of the configuration')
    },
    'made again it has the same configuration': async (t) => {
      const { fromConfig } = t.options
      if (!fromConfig) return
      const config = (await t.create()).toConfig()
      const again = await fromConfig(JSON.parse(JSON.stringify(config)))
      t.defer(() => again.dispose())
      sameData(again.toConfig(), config, 'toConfig of fromConfig(toConfig())')
      sameData([...again.capabilities].sort(), [...t.options.capabilities].sort(), 'abilities of fromConfig(toConfig())')
    },
    'content changes no configuration': async (t) => {
      const { fromConfig } = t.options
      if (!fromConfig) return
      const index = await t.create()
      const empty = index.toConfig()
      await index.build([t.items()])
      sameData(index.toConfig(), empty, 'toConfig of an index with rows')
    },
    'an unknown option is refused': async (t) => {
      const { fromConfig } = t.options
      if (!fromConfig) return
      const { type, package: from, config } = (await t.create()).toConfig()
      await throws(() => fromConfig({ type, package: from, config: { ...config, 'no such option': 1 } }), 'INVALID_CONFIG', 'an unknown option')
    },
  },
}
