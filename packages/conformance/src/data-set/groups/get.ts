// Group `get`: elements and presence by uuid, in the order of the question.

import { names, rejects, same, sameData, sameList } from '../../framework/check.ts'
import { type DataSetGroup, uuidsOf } from '../data-set-case.ts'

const NOBODY = '0123456789abcdef0123456789abcdef01234567'

export const getGroup: DataSetGroup = {
  name: 'get',
  rule: 'elements come in the order of uuids, and a uuid may occur more than once; one that is not there is UNKNOWN_UID',
  cases: {
    'elements come in the order of the uuids': async (t) => {
      const contents = await t.contents(8)
      const set = await t.holding(contents)
      const asked = [5, 2, 7, 0].map((i) => contents[i]!)
      const got = await set.getMany(uuidsOf(asked))
      same(got.length, 4, 'elements')
      for (const [i, { uuid, bytes }] of asked.entries()) {
        sameList(await got[i]!.bytes(), bytes, `bytes of element ${i}`)
        same(await got[i]!.uuid(), uuid, `uuid of element ${i}`)
      }
    },
    'a uuid that occurs twice gets its element twice': async (t) => {
      const contents = await t.contents(3)
      const set = await t.holding(contents)
      const asked = [1, 1, 0, 1].map((i) => contents[i]!)
      for (const [i, element] of (await set.getMany(uuidsOf(asked))).entries())
        sameList(await element.bytes(), asked[i]!.bytes, `bytes of element ${i}`)
    },
    'uuids that are not there are an error that names them': async (t) => {
      const contents = await t.contents(2)
      const set = await t.holding(contents)
      const error = await rejects(() => set.getMany([contents[0]!.uuid, NOBODY]), 'UNKNOWN_UID', 'getMany with an unknown uuid')
      names(error, NOBODY, 'the error')
      sameData(error.details['uids'], [NOBODY], 'details.uids')
    },
    'hasMany tells which are there': async (t) => {
      const contents = await t.contents(3)
      const set = await t.holding(contents)
      sameList(await set.hasMany([contents[2]!.uuid, NOBODY, contents[0]!.uuid, contents[2]!.uuid]), [1, 0, 1, 1], 'what hasMany gives')
    },
    'nothing asked is nothing given': async (t) => {
      const set = await t.holding(await t.contents(2))
      same((await set.getMany([])).length, 0, 'elements')
      same((await set.hasMany([])).length, 0, 'what hasMany gives')
    },
  },
}
