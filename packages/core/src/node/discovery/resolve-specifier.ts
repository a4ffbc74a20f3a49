// From a specifier to the URL of a module, as if the application itself had imported it.
// Node's own resolution answers for the module that asks: import.meta.resolve takes no parent, and require.resolve takes other conditions.

import { statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CbirError } from '../../errors/cbir-error.ts'
import { InvalidExports, matchExports, matchImports } from './package-exports.ts'
import { isDirectory, type PackageJson, readPackageJson, upwards } from './package-json.ts'

/** Files that a package without "exports" may mean by its name, after "main" itself: Node's list, in its order. */
const AFTER_MAIN = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node']
const WITHOUT_MAIN = ['./index.js', './index.json', './index.node']

/**
 * The URL of the module that `specifier` names for the application in `root`.
 *
 * A path (`./x.mjs`, `../x.mjs`, absolute, with a drive letter) is a path in the file system, relative to `root`. `file:`, `data:` and `node:` URLs are
 * taken as they are. Anything else is a package with an optional subpath, found in the `node_modules` of `root` and of the directories above it, and
 * resolved through its "exports" under the conditions node, import, module-sync, default. A package may name itself, and its own `#imports`.
 * @throws CbirError NOT_FOUND, CORRUPT_DATA (a package.json that is not JSON), IO_FAILED
 */
export function resolveSpecifier(specifier: string, root: string): string {
  if (/^[a-z]:[\\/]/i.test(specifier) || /^\.{1,2}([\\/]|$)/.test(specifier) || isAbsolute(specifier)) {
    return existing(pathToFileURL(resolve(root, specifier)), specifier)
  }
  if (specifier.startsWith('#')) return ownImport(specifier, root)
  if (/^[a-z][a-z0-9+.-]+:/i.test(specifier)) return fromUrl(specifier)
  if (isBuiltin(specifier)) return `node:${specifier}`
  return fromPackage(specifier, root)
}

const notFound = (specifier: string, why: string, cause?: unknown): CbirError =>
  new CbirError('NOT_FOUND', `"${specifier}" cannot be found: ${why}`, { cause, details: { specifier } })

function fromUrl(specifier: string): string {
  if (!URL.canParse(specifier)) throw notFound(specifier, 'it is not a valid URL.')
  const url = new URL(specifier)
  if (url.protocol === 'file:') return existing(url, specifier)
  if (url.protocol === 'data:' || url.protocol === 'node:') return specifier
  throw notFound(specifier, `modules are not imported from "${url.protocol}" URLs. Name a package, a path, or a file: or data: URL.`)
}

/** The URL, once it is sure that a file is there. */
function existing(url: URL, specifier: string): string {
  let path: string
  try {
    path = fileURLToPath(url)
  } catch (error) {
    throw notFound(specifier, `${url.href} is not the URL of a file here.`, error)
  }
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw notFound(specifier, `there is no file ${path}.`)
  if (stat.isDirectory()) throw notFound(specifier, `${path} is a directory. Name the file in it.`)
  return url.href
}

function fromPackage(specifier: string, root: string): string {
  const match = /^((?:@[^/\\%]+\/)?[^./\\%@][^/\\%]*)((?:\/.*)?)$/s.exec(specifier)
  if (!match) throw notFound(specifier, 'it is neither a path nor the name of a package.')
  const name = match[1]!
  const subpath = `.${match[2]!}`
  const own = ownPackage(root)
  if (own?.json.name === name && own.json.exports !== undefined && own.json.exports !== null) {
    return exported(own.directory, own.json, specifier, subpath)
  }
  for (const above of upwards(root)) {
    const directory = join(above, 'node_modules', name)
    if (!isDirectory(directory)) continue
    const json = readPackageJson(directory) ?? {}
    if (json.exports !== undefined && json.exports !== null) return exported(directory, json, specifier, subpath)
    if (subpath !== '.') return existing(inside(directory, subpath), specifier)
    return withoutExports(directory, json, specifier)
  }
  throw notFound(specifier, `there is no package "${name}" in the node_modules of ${root} or above. Install it there.`)
}

/** The package that `root` lies in: the nearest package.json that is not beyond a node_modules. */
function ownPackage(root: string): { readonly directory: string; readonly json: PackageJson } | undefined {
  for (const directory of upwards(root)) {
    if (/[\\/]node_modules$/.test(directory)) return undefined
    const json = readPackageJson(directory)
    if (json) return { directory, json }
  }
  return undefined
}

function exported(directory: string, json: PackageJson, specifier: string, subpath: string): string {
  const target = checked(() => matchExports(json.exports, subpath), directory, specifier)
  if (typeof target !== 'string')
    throw notFound(specifier, `the "exports" of ${join(directory, 'package.json')} do not give "${subpath}" to an import.`)
  return existing(inside(directory, target), specifier)
}

function ownImport(specifier: string, root: string): string {
  const own = ownPackage(root)
  if (!own || specifier === '#' || specifier.startsWith('#/')) throw notFound(specifier, 'there is no package.json with such "imports".')
  const target = checked(() => matchImports(own.json.imports, specifier), own.directory, specifier)
  if (typeof target !== 'string') throw notFound(specifier, `the "imports" of ${join(own.directory, 'package.json')} do not have it.`)
  if (target.startsWith('./')) return existing(inside(own.directory, target), specifier)
  return isBuiltin(target) ? `node:${target.replace(/^node:/, '')}` : fromPackage(target, own.directory)
}

function checked<T>(work: () => T, directory: string, specifier: string): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InvalidExports)) throw error
    throw notFound(specifier, `${join(directory, 'package.json')} is not valid: ${error.message}.`, error)
  }
}

/** A path in a package is part of a URL: `%20` in it is a blank. */
function inside(directory: string, path: string): URL {
  return new URL(path, pathToFileURL(join(directory, '/')))
}

function withoutExports(directory: string, json: PackageJson, specifier: string): string {
  const main = typeof json.main === 'string' ? AFTER_MAIN.map((ending) => `./${json.main as string}${ending}`) : []
  for (const candidate of [...main, ...WITHOUT_MAIN]) {
    const url = inside(directory, candidate)
    if (statSync(url, { throwIfNoEntry: false })?.isFile()) return url.href
  }
  throw notFound(specifier, `${directory} has neither "exports" nor a "main" file in its package.json, nor an index.js.`)
}
