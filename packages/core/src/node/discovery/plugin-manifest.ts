// Plugin manifests: what the application's dependencies say in their package.json that they offer. Nothing is imported for it.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { API_VERSION } from '../../component/component.ts'
import { isRecord } from '../../config/json-data.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { type PackageJson, parsePackageJson, readPackageJson, upwards } from './package-json.ts'

/** One line of a manifest. */
export interface ManifestEntry {
  readonly kind: string
  readonly name: string
  /** What to import, e.g. `@cbir/core/node`. */
  readonly specifier: string
}

/** A dependency, or a part of its manifest, that cannot be used. */
export interface ManifestProblem {
  readonly specifier: string
  readonly error: CbirError
}

export interface Manifests {
  readonly entries: readonly ManifestEntry[]
  readonly problems: readonly ManifestProblem[]
}

const FIELDS = ['dependencies', 'optionalDependencies', 'devDependencies', 'peerDependencies']

const known = new Map<string, Promise<Manifests>>()

/** The manifests of the direct dependencies of the application in `root`. Read once for each root, and again with `reload`. */
export function readManifests(root: string, reload: boolean): Promise<Manifests> {
  const read = known.get(root)
  if (read && !reload) return read
  const reading = readAll(root)
  known.set(root, reading)
  return reading
}

async function readAll(root: string): Promise<Manifests> {
  let application: PackageJson
  try {
    application = readPackageJson(root) ?? {}
  } catch (error) {
    return { entries: [], problems: [{ specifier: join(root, 'package.json'), error: error as CbirError }] }
  }
  const names = new Set(FIELDS.flatMap((field) => (isRecord(application[field]) ? Object.keys(application[field]) : [])))
  const required = isRecord(application.dependencies) ? application.dependencies : {}
  const optional = isRecord(application.optionalDependencies) ? application.optionalDependencies : {}
  const read = await Promise.all(
    [...names].map(async (name): Promise<Manifests> => {
      try {
        const json = await readDependency(name, root)
        if (json) return manifestOf(name, json)
        // Only what must be there is missed: development and optional packages are often left out on purpose.
        if (!Object.hasOwn(required, name) || Object.hasOwn(optional, name)) return { entries: [], problems: [] }
        const message = `"${name}" is a dependency in ${join(root, 'package.json')}, but it is not installed. Install the application's dependencies.`
        return { entries: [], problems: [{ specifier: name, error: new CbirError('NOT_FOUND', message) }] }
      } catch (error) {
        return { entries: [], problems: [{ specifier: name, error: error as CbirError }] }
      }
    }),
  )
  return { entries: read.flatMap((one) => one.entries), problems: read.flatMap((one) => one.problems) }
}

/** The package.json of an installed package, as Node would find the package; symbolic links (pnpm, workspaces) are followed. */
async function readDependency(name: string, root: string): Promise<PackageJson | undefined> {
  for (const above of upwards(root)) {
    const file = join(above, 'node_modules', name, 'package.json')
    try {
      return parsePackageJson(await readFile(file, 'utf8'), file)
    } catch (error) {
      if (CbirError.isInstance(error)) throw error
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new CbirError('IO_FAILED', `${file} cannot be read: ${message}`, { cause: error })
    }
  }
  return undefined
}

function manifestOf(packageName: string, json: PackageJson): Manifests {
  const { cbir } = json
  if (cbir === undefined) return { entries: [], problems: [] }
  const problem = (code: 'INVALID_ARGUMENT' | 'API_VERSION_MISMATCH', message: string): ManifestProblem => ({
    specifier: packageName,
    error: new CbirError(code, message),
  })
  const example = `{ "apiVersion": ${API_VERSION}, "plugins": [{ "kind": …, "name": …, "export": "." }] }`
  if (!isRecord(cbir) || !Array.isArray(cbir.plugins)) {
    return { entries: [], problems: [problem('INVALID_ARGUMENT', `"cbir" in the package.json of ${packageName} must be ${example}.`)] }
  }
  if (cbir.apiVersion !== API_VERSION) {
    const message = `${packageName} has plugins for version ${JSON.stringify(cbir.apiVersion)} of the interfaces; this copy of core has version ${API_VERSION}. Install versions that fit.`
    return { entries: [], problems: [problem('API_VERSION_MISMATCH', message)] }
  }
  const entries: ManifestEntry[] = []
  const problems: ManifestProblem[] = []
  cbir.plugins.forEach((plugin: unknown, i) => {
    const { kind, name, export: subpath = '.' } = isRecord(plugin) ? plugin : {}
    const valid = typeof kind === 'string' && kind && typeof name === 'string' && name && typeof subpath === 'string' && /^\.(\/.+)?$/.test(subpath)
    if (valid) entries.push({ kind, name, specifier: packageName + subpath.slice(1) })
    else problems.push(problem('INVALID_ARGUMENT', `Plugin ${i} in the package.json of ${packageName} is not valid: "cbir" must be ${example}.`))
  })
  return { entries, problems }
}
