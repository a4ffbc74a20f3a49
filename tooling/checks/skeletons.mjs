// The skeleton that every package has: manifest, README headings, project reference, and a plugin manifest that is true.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../run.mjs'
import { packagesIn, readJson } from '../workspace.mjs'

export const name = 'package skeletons'

const headings = ['What it does', 'Install', 'Example', 'Configuration', 'Errors', 'Performance', 'Limits']
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']

/** @param {string} [workspace] */
export async function check(workspace = root) {
  const found = packagesIn('packages', workspace)
  const problems = found.length === 0 ? ['There is no package in packages/.'] : []
  for (const { folder, directory, manifest } of found) {
    const all = [
      ...manifestProblems(manifest),
      ...readmeProblems(manifest.name, textOf(join(directory, 'README.md'))),
      ...projectProblems(workspace, folder),
      ...gypProblems(directory, manifest),
      ...(await pluginProblems(directory, manifest)),
    ]
    problems.push(...all.map((problem) => `${folder}: ${problem}`))
  }
  return problems
}

/** @param {Record<string, any>} manifest @returns {string[]} */
export function manifestProblems(manifest) {
  const problems = []
  if (!/^@cbir\/[a-z0-9-]+$/.test(manifest.name)) problems.push(`the name ${manifest.name} is not @cbir/<name>`)
  if (manifest.license !== 'Apache-2.0' && !manifest.licenseReason) problems.push('"license" must be Apache-2.0 (another one needs "licenseReason")')
  if (!manifest.description) problems.push('"description" is missing')
  if (manifest.type !== 'module') problems.push('"type" must be "module"')
  if (!manifest.engines?.node) problems.push('"engines.node" is missing')
  if (!manifest.files?.includes('dist')) problems.push('"files" must name dist')
  for (const script of installScripts) if (manifest.scripts?.[script]) problems.push(`install script "${script}" is not allowed`)
  if (!manifest.exports?.['.']) problems.push('"exports" must have "."')
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    // Without `default`, createRequire().resolve() throws, which discovery and many tools use.
    const conditions = Object.keys(target)
    if (conditions.at(-1) !== 'default') problems.push(`exports["${entry}"] must end with the condition "default"`)
    if (!conditions.includes('types')) problems.push(`exports["${entry}"] must have the condition "types"`)
    if (!conditions.includes('@cbir/source')) problems.push(`exports["${entry}"] must have the condition "@cbir/source"`)
  }
  if (manifest.name !== '@cbir/core') {
    if (!manifest.peerDependencies?.['@cbir/core']) problems.push('"peerDependencies" must name @cbir/core')
    if (manifest.dependencies?.['@cbir/core']) problems.push('@cbir/core must be a peer, not a dependency')
  }
  return problems
}

/** @param {string} packageName @param {string | undefined} text @returns {string[]} */
export function readmeProblems(packageName, text) {
  if (text === undefined) return ['README.md is missing']
  const lines = text.replace(/^```[\s\S]*?^```/gm, '').split('\n')
  const found = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice(3).trim())
  const problems = lines[0] === `# ${packageName}` ? [] : [`README.md must begin with "# ${packageName}"`]
  if (found.join() !== headings.join()) problems.push(`README.md must have the headings ${headings.join(', ')}; it has ${found.join(', ')}`)
  return problems
}

/** @param {string} workspace @param {string} folder @returns {string[]} */
function projectProblems(workspace, folder) {
  if (!existsSync(join(workspace, folder, 'tsconfig.json'))) return ['tsconfig.json is missing']
  /** @type {{ path: string }[]} */
  const references = readJson(join(workspace, 'tsconfig.json')).references
  return references.some(({ path }) => path === folder) ? [] : ["the root's tsconfig.json does not refer to it"]
}

/**
 * Package managers build whatever has a binding.gyp when they install, which a machine without a compiler cannot.
 * @param {string} directory @param {Record<string, any>} manifest @returns {string[]}
 */
function gypProblems(directory, manifest) {
  if (!existsSync(join(directory, 'binding.gyp')) || manifest.gypfile === false) return []
  return ['has a binding.gyp, so "gypfile" must be false: else every installation builds it']
}

/**
 * What the manifest announces is exported by the built package, and what it exports is announced.
 * @param {string} directory @param {Record<string, any>} manifest @returns {Promise<string[]>}
 */
async function pluginProblems(directory, manifest) {
  /** @type {{ kind: string, name: string, export: string }[]} */
  const announced = manifest.cbir?.plugins ?? []
  /** @type {string[]} */
  const exported = []
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string' || !target.default?.endsWith('.js')) continue
    const file = join(directory, target.default)
    if (!existsSync(file)) return [`${target.default} was not built`]
    // An entry for a test runner can only be imported inside of it, and has no plugin.
    if (entry === './vitest') continue
    for (const value of Object.values(await import(pathToFileURL(file).href))) {
      if (value?.configSchema && value.kind && typeof value.create === 'function') exported.push(`${value.kind} "${value.name}" in "${entry}"`)
    }
  }
  const wanted = announced.map((plugin) => `${plugin.kind} "${plugin.name}" in "${plugin.export}"`)
  return [
    ...(manifest.cbir && manifest.cbir.apiVersion !== 1 ? ['"cbir.apiVersion" must be 1'] : []),
    ...wanted.filter((plugin) => !exported.includes(plugin)).map((plugin) => `announces ${plugin}, which the built package does not export`),
    ...exported.filter((plugin) => !wanted.includes(plugin)).map((plugin) => `exports ${plugin}, which "cbir.plugins" does not announce`),
  ]
}

/** @param {string} file */
function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
