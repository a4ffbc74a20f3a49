// Usability: onnxruntime-node brings binaries for some platforms only.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Usability } from '@cbir/core'

const BINARY = 'onnxruntime_binding.node'

/** Whether onnxruntime-node is installed with a binary for this platform. Nothing is loaded. */
export function usability(platform: string = process.platform, arch: string = process.arch): Usability {
  let folder: string
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin')
  } catch {
    return { usable: false, reason: 'onnxruntime-node is not installed. Install it beside @cbir/onnx-extractor.' }
  }
  const binaries = binariesIn(folder)
  if (binaries.includes(`${platform}-${arch}`)) return { usable: true }
  return { usable: false, reason: `onnxruntime-node has no binary for ${platform}-${arch}, only for ${binaries.join(', ')}. Use one of these.` }
}

/** `bin/napi-v<n>/<platform>/<arch>/onnxruntime_binding.node` as `<platform>-<arch>`. */
function binariesIn(folder: string): string[] {
  const list = (path: string): string[] => {
    try {
      return readdirSync(path)
    } catch {
      return []
    }
  }
  return list(folder).flatMap((api) =>
    list(join(folder, api)).flatMap((platform) =>
      list(join(folder, api, platform))
        .filter((arch) => list(join(folder, api, platform, arch)).includes(BINARY))
        .map((arch) => `${platform}-${arch}`),
    ),
  )
}
