// A configuration from a JSON file: the loader's own form, or a Hugging Face preprocessor_config.json.

import { type CallOptions, CbirError } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { configSchema } from './config-schema.ts'
import { fromHuggingFacePreprocessor } from './hugging-face-preprocessor.ts'
import type { ImageLoaderConfig } from './image-loader-config.ts'

/**
 * The configuration that a JSON file holds, checked. A file whose field names have an underscore (`do_resize`, `image_mean`) is read as a
 * `preprocessor_config.json`, any other as {@link ImageLoaderConfig}.
 * @throws CbirError NOT_FOUND, IO_FAILED; INVALID_CONFIG that names the file and the field
 */
export async function readPreprocessFile(path: string, { signal }: CallOptions = {}): Promise<ImageLoaderConfig> {
  const label = JSON.stringify(path)
  const json = parse(new TextDecoder().decode(await fileDataElement(path).bytes({ signal })), label)
  const foreign = typeof json === 'object' && json !== null && Object.keys(json).some((name) => name.includes('_'))
  try {
    const config = foreign ? fromHuggingFacePreprocessor(json) : json
    const result = configSchema.safeParse(config)
    if (result.success) return result.data
    const issues = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    const list = issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)).join('; ')
    throw new CbirError('INVALID_CONFIG', list, { details: { issues } })
  } catch (error) {
    if (!CbirError.isInstance(error)) throw error
    throw new CbirError(error.code, `The preprocessing file ${label} is not valid. ${error.message}`, { cause: error, details: error.details })
  }
}

function parse(text: string, label: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CbirError('INVALID_CONFIG', `The preprocessing file ${label} is not JSON: ${(cause as Error).message}.`, { cause })
  }
}
