// The packages of the workspace, as data for set-up and checks.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run.mjs'

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder relative to the root of the workspace, e.g. `packages/core`
 * @property {string} directory absolute
 * @property {Record<string, any>} manifest its package.json
 */

/**
 * The folders with a package.json below `folder`, by name.
 * @param {string} folder relative to `workspace` @param {string} [workspace] @returns {WorkspacePackage[]}
 */
export function packagesIn(folder, workspace = root) {
  const parent = join(workspace, folder)
  if (!existsSync(parent)) return []
  return readdirSync(parent)
    .sort()
    .map((name) => ({ folder: `${folder}/${name}`, directory: join(parent, name) }))
    .filter(({ directory }) => existsSync(join(directory, 'package.json')))
    .map((found) => ({ ...found, manifest: readJson(join(found.directory, 'package.json')) }))
}

/** @param {string} file @returns {any} */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
