// Importing a module that an application names, once or anew.

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { CallOptions } from '../../component/call-options.ts'
import { abortable } from '../../concurrency/abort.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { resolveSpecifier } from './resolve-specifier.ts'

/** What a module exports. */
export type ModuleExports = Readonly<Record<string, unknown>>

let generations = 0

/** Imports the modules of one discovery, each once. */
export class ModuleImporter {
  private readonly root: string
  private readonly signal: AbortSignal | undefined
  private readonly generation: number | undefined
  private readonly imported = new Map<string, Promise<ModuleExports>>()

  /** @param reload whether modules that were imported before are imported anew; what they import themselves stays as it is */
  constructor(root: string, reload: boolean, { signal }: Pick<CallOptions, 'signal'>) {
    this.root = root
    this.signal = signal
    this.generation = reload ? ++generations : undefined
  }

  /** @throws CbirError NOT_FOUND, LOAD_FAILED with what the module threw as its cause */
  import(specifier: string): Promise<ModuleExports> {
    let importing = this.imported.get(specifier)
    if (!importing) {
      importing = this.load(specifier)
      this.imported.set(specifier, importing)
    }
    return importing
  }

  private async load(specifier: string): Promise<ModuleExports> {
    const url = resolveSpecifier(specifier, this.root)
    try {
      return await abortable(import(this.generation === undefined ? url : freshUrl(url, this.generation)) as Promise<ModuleExports>, this.signal)
    } catch (error) {
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      throw new CbirError('LOAD_FAILED', `Importing "${specifier}" failed with ${said}`, { cause: error, details: { specifier } })
    }
  }
}

/** A URL of the same module that Node has not seen yet. */
function freshUrl(url: string, generation: number): string {
  const fresh = new URL(url)
  if (fresh.protocol === 'data:') fresh.hash = `cbir-reload=${generation}`
  if (fresh.protocol !== 'file:') return fresh.href
  // A CommonJS module is known by its file, whatever the query says.
  delete createRequire(import.meta.url).cache[fileURLToPath(url)]
  fresh.searchParams.set('cbir-reload', String(generation))
  return fresh.href
}
