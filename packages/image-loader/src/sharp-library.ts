// The sharp library, loaded when it is first needed: importing this package never fails, whatever the platform.

import { createRequire } from 'node:module'
import { CbirError, type Usability } from '@cbir/core'
import type { default as SharpModule } from 'sharp'

export type Sharp = typeof SharpModule

const REMEDY = 'Install it for this platform with "npm install --include=optional sharp" (its binary is an optional dependency).'

let loaded: Sharp | undefined

/** @throws CbirError NOT_USABLE where sharp, or its binary for this platform, is missing */
export function loadSharp(): Sharp {
  if (loaded) return loaded
  try {
    const module = createRequire(import.meta.url)('sharp') as Sharp | { readonly default: Sharp }
    // Under the condition `import` Node gives the ES module.
    loaded = 'default' in module ? (module.default as Sharp) : module
    return loaded
  } catch (cause) {
    throw new CbirError('NOT_USABLE', `@cbir/image-loader needs sharp, which does not load on ${process.platform}-${process.arch}. ${REMEDY}`, {
      cause,
    })
  }
}

export function sharpUsability(): Usability {
  try {
    loadSharp()
    return { usable: true }
  } catch (error) {
    return { usable: false, reason: (error as CbirError).message }
  }
}
