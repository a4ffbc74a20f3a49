// What the components under test share: a model as one file of JSON, and a configuration without unknown options.

import { CbirError } from '@cbir/core'
import type { ModelDriver } from '@cbir/core/define'

/** Saves a model of plain data. */
export const jsonModel = <M>(): Required<Pick<ModelDriver<M>, 'save' | 'load'>> => ({
  save: (model, writer) => writer.write('model.json', [new TextEncoder().encode(JSON.stringify(model))]),
  load: async (container) => JSON.parse(new TextDecoder().decode(await container.read('model.json'))) as M,
})

/** The configuration, where it has no other options. @throws CbirError INVALID_CONFIG */
export function onlyOptions(config: object, ...known: readonly string[]): object {
  const unknown = Object.keys(config).filter((key) => !known.includes(key))
  if (unknown.length > 0) throw new CbirError('INVALID_CONFIG', `unknown options: ${unknown.join(', ')}`)
  return config
}
