// Cases of the group `component`: whose descriptor it is, and what computes it.

import { same, sameList } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

/** Names that only an element which treats them as opaque keeps apart. */
const NAMES = ['a', 'A', 'a ', 'a/b', 'a\\b', '../a', 'a\nb', 'é', 'e\u0301', '🦊', '__proto__', '%61']

export const nameCases: DescriptorElementGroup['cases'] = {
  'it has the type and the uid that it was made with': async (t) => {
    const uid = t.uid('é✓/🦊')
    const element = await t.from('some type', uid, null)
    same(element.type, 'some type', 'type')
    same(element.uid, uid, 'uid')
  },
  'elements of other uids are other elements': async (t) => {
    const run = t.uid('')
    const vectors = NAMES.map(() => t.vector())
    const elements = []
    for (const [i, name] of NAMES.entries()) elements.push(await t.from('test type', `${name}${run}`, vectors[i]!))
    for (const [i, element] of elements.entries()) sameList(await element.vector(), vectors[i]!, `vector of ${JSON.stringify(element.uid)}`)
  },
}
