// Group `fingerprint`: equal fingerprints mean equal parts; contentUuid tells equal contents.

import { ok, same } from '../../framework/check.ts'
import type { VectorLoaderGroup } from '../loader-case.ts'

export const fingerprintGroup: VectorLoaderGroup = {
  name: 'fingerprint',
  rule: 'the fingerprint changes whenever the same item would give other numbers; with the same options it is the same, and so are the parts. contentUuid is a SHA-1 in hexadecimal, or undefined',
  cases: {
    'two of the same options agree': async (t) => {
      const [first, second] = [await t.make(), await t.make()]
      ok(typeof first.fingerprint === 'string' && first.fingerprint !== '', 'fingerprint is a text')
      same(second.fingerprint, first.fingerprint, 'fingerprint of a second one with the same options')
      const [input] = await t.inputs(1)
      t.sameParts(await t.parts(second, input), await t.parts(first, input), 'an input from a second one with the same options')
    },
    'an input loaded twice has the same parts': async (t) => {
      const loader = await t.make()
      const [input] = await t.inputs(1)
      const before = loader.fingerprint
      t.sameParts(await t.parts(loader, input), await t.parts(loader, input), 'an input loaded twice')
      same(loader.fingerprint, before, 'fingerprint after use')
    },
    'other options have another one': async (t) => {
      if (!t.options.different) return
      const other = await t.options.different()
      ok(other.fingerprint !== (await t.make()).fingerprint, 'a loader with other options has another fingerprint')
    },
    'a content uuid is the content’s': async (t) => {
      const loader = await t.make()
      const { contentUuid } = loader
      if (!contentUuid) return
      const [first, second] = await t.inputs(2)
      const uuid = await loader.contentUuid?.(first)
      ok(uuid === undefined || /^[0-9a-f]{40}$/.test(uuid), `a content uuid has 40 hexadecimal digits; it is ${uuid}`)
      same(await loader.contentUuid?.(first), uuid, 'content uuid the second time')
      if (uuid !== undefined) ok((await loader.contentUuid?.(second)) !== uuid, 'different inputs have different content uuids')
    },
  },
}
