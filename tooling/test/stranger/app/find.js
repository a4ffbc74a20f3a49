// What this application finds, printed as JSON. Run in a directory without dependencies of its own it finds by the environment alone.

import { isDeepStrictEqual } from 'node:util'
import { createRegistry } from '@cbir/core'
import { discover, discoverRegistry } from '@cbir/core/node'
import * as plugins from '@stranger/plugins'
import * as learning from '@stranger/plugins/learning'
import * as search from '@stranger/plugins/search'
import * as sounds from '@stranger/plugins/sounds'

const { plugins: byName, all, skipped } = await discover()
const registry = await discoverRegistry()
const explicit = createRegistry([...Object.values(plugins), ...Object.values(learning), ...Object.values(search), ...Object.values(sounds)])

/** What cannot be left out of a configuration. */
const REQUIRED = { 'descriptor-element': { type: 'colours', uid: 'a' }, 'classification-element': { type: 'oracle', uid: 'a' } }

/** Makes a component; gives whether its configuration is the normal form of what it was made from. */
async function roundTrip(from, { kind, name, package: packageName }) {
  const config = { type: name, package: packageName, config: REQUIRED[kind] ?? {} }
  const component = await from.fromConfig(config, kind)
  await component.dispose?.()
  return isDeepStrictEqual(component.toConfig(), await from.parse(config, kind))
}

const theirs = (plugin) => plugin.package === '@stranger/plugins'
const lawHolds = []
for (const from of [registry, explicit]) {
  for (const plugin of from.plugins().filter(theirs)) lawHolds.push([plugin.name, await roundTrip(from, plugin)])
}

console.log(
  JSON.stringify({
    names: [...byName.values()].filter(theirs).map(({ kind, name }) => `${kind} ${name}`),
    sources: [...new Set(all.filter((one) => theirs(one.plugin)).map((one) => one.source))],
    skipped: skipped.map(({ specifier, source, code, reason }) => ({ specifier, source, code, reason })),
    explicit: explicit.plugins().map(({ kind, name }) => `${kind} ${name}`),
    lawBroken: lawHolds.filter(([, holds]) => !holds).map(([name]) => name),
  }),
)
