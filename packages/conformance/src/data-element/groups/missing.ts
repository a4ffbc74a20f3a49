// Group `missing`: an element whose bytes are not there.

import { rejects, throws } from '../../framework/check.ts'
import { type DataElementGroup, streamed } from '../data-element-case.ts'

export const missingGroup: DataElementGroup = {
  name: 'missing',
  rule: 'an element whose bytes are not there gives NOT_FOUND or IO_FAILED, not other bytes',
  applies: ({ createMissing }) => createMissing !== undefined,
  cases: {
    'every question is an error': async (t) => {
      const element = await t.options.createMissing!()
      const codes = ['NOT_FOUND', 'IO_FAILED'] as const
      await rejects(() => element.bytes(), codes, 'bytes of a missing element')
      await rejects(() => element.uuid(), codes, 'uuid of a missing element')
      await rejects(() => element.digest('md5'), codes, 'digest of a missing element')
      await rejects(() => element.isEmpty(), codes, 'isEmpty of a missing element')
      await throws(() => streamed(element), codes, 'stream of a missing element')
    },
  },
}
