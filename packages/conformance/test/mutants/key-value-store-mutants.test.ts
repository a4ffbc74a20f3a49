// The KeyValueStore suite bites: every wrong store fails exactly the groups that it breaks.

import { keyValueStoreGroups, keyValueStoreSuite, referenceKeyValueStore } from '@cbir/conformance'
import { CbirError } from '@cbir/core'
import { KEY_VALUE_STORE_MUTANTS } from './key-value-store-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong key-value stores', KEY_VALUE_STORE_MUTANTS, keyValueStoreGroups, (runner, mutant) => {
  const { make = (store) => store, makeReadOnly = (store) => store, open, fromConfig } = mutant
  keyValueStoreSuite({
    runner,
    patience: 1000,
    create: () => make(referenceKeyValueStore()),
    createReadOnly: (entries) => makeReadOnly(referenceKeyValueStore({ readOnly: true }, entries)),
    ...(open && { reopen: open }),
    ...(fromConfig && {
      fromConfig({ config }) {
        if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return fromConfig()
      },
    }),
  })
})
