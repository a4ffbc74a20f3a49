// The input of extractors that pool what a loader of sound gave: a matrix, a feature a row, a frame a column.

import { CbirError, describeType, type Tensor } from '@cbir/core'

/** `rows` features × `columns` frames, row-major. */
export interface FeatureMatrix {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
}

/**
 * A copy of a tensor f32 of shape [features, frames], which the caller may change afterwards.
 * @param place where it stands among the inputs, for the error
 * @throws CbirError INVALID_ARGUMENT for anything else, EMPTY where there are no frames
 */
export function featureMatrix(input: Tensor<'f32'>, place: number, features: number): FeatureMatrix {
  const { dtype, shape, data } = (input ?? {}) as Partial<Tensor<'f32'>>
  const fits = dtype === 'f32' && data instanceof Float32Array && shape?.length === 2 && shape[0] === features && features * shape[1]! === data.length
  if (!fits) {
    const seen = shape ? `${dtype} [${shape.join(', ')}]` : describeType(input)
    throw new CbirError('INVALID_ARGUMENT', `Input ${place} is ${seen}; a tensor f32 of shape [${features}, frames] was expected.`, {
      details: { input: place },
    })
  }
  if (data.length === 0) throw new CbirError('EMPTY', `Input ${place} has no frames, so it has no statistics.`, { details: { input: place } })
  return { data: data.slice(), rows: features, columns: shape[1]! }
}
