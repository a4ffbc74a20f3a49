// Cases of the group `configuration`: an element that is made again holds the same bytes.

import type { DataElementGroup } from '../data-element-case.ts'

export const configurationCases: DataElementGroup['cases'] = {
  'made again it holds the same bytes': async (t) => {
    const { fromConfig } = t.options
    if (!fromConfig) return
    const bytes = t.bytes(80)
    const element = await t.holding(bytes)
    await t.holds(await fromConfig(JSON.parse(JSON.stringify(element.toConfig()))), bytes, 'bytes of an element made again')
    if (!t.writable) return
    const next = t.bytes(30)
    await element.setBytes(next)
    await t.holds(await fromConfig(JSON.parse(JSON.stringify(element.toConfig()))), next, 'bytes of a written element made again')
  },
}
