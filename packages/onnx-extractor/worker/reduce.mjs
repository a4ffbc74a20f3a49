// Reduction: from a model's output to one row of float32 an item: pooling, then L2 normalisation. Sums are in double precision.

import { readable } from './numbers.mjs'

/** @import { Tensor } from 'onnxruntime-node' */
/** @import { Reduction, RunRequest } from './protocol.mjs' */

/**
 * @typedef {object} Wanted
 * @property {RunRequest} request
 * @property {number} perRun items that the run held, padding included
 * @property {Tensor | undefined} mask
 * @property {Float32Array} rows where the rows go
 * @property {number} dimensions
 */

/**
 * Writes the rows of a run's items.
 * @param {Tensor} output
 * @param {Wanted} wanted
 */
export function reduceOutput(output, { request, perRun, mask, rows, dimensions }) {
  const data = readable(output.type, output.data)
  if (!data) throw { code: 'NOT_SUPPORTED', message: 'The output is text and not numbers. Choose another output.' }
  const shape = request.batched ? output.dims.slice(1) : output.dims
  if (request.batched && output.dims[0] !== perRun) throw rowMismatch(output.dims, perRun)
  const { reduction } = request
  const width = widthOf(shape, reduction)
  if (width !== dimensions) {
    throw {
      code: 'DIMENSION_MISMATCH',
      message: `An output of shape ${output.dims.join(',')} gives rows of ${width} numbers; ${dimensions} are expected. Give all items the same shape, choose another pooling, or say the right \`dimensions\`.`,
    }
  }
  const size = shape.reduce((product, dim) => product * dim, 1)
  const tokens = mask ? readable(mask.type, mask.data) : undefined
  if (tokens && tokens.length !== perRun * (shape[0] ?? 0)) {
    throw { code: 'DIMENSION_MISMATCH', message: `The mask has ${tokens.length / perRun} entries an item; the output has ${shape[0]} tokens.` }
  }
  for (let i = 0; i * width < rows.length; i++) {
    const row = rows.subarray(i * width, (i + 1) * width)
    pool(data, i * size, shape, reduction, row, (token) => (tokens ? (tokens[i * /** @type {number} */ (shape[0]) + token] ?? 0) : 1))
    if (reduction.normalise === 'l2') normalise(row)
  }
}

/**
 * @param {readonly number[]} dims
 * @param {number} perRun
 */
function rowMismatch(dims, perRun) {
  return {
    code: 'ROW_MISMATCH',
    message: `The output has shape ${dims.join(',')} for ${perRun} items: its first axis does not count items. Set \`batchSize: 1\` if the model takes one item at a time, \`batched: false\` if the model has no batch axis, or choose another output.`,
  }
}

/**
 * Numbers a row.
 * @param {readonly number[]} shape of one item
 * @param {Reduction} reduction
 */
function widthOf(shape, { pooling, channelsLast }) {
  if (pooling === 'none') return shape.reduce((product, dim) => product * dim, 1)
  return (pooling === 'global-average' && !channelsLast ? shape[0] : shape[shape.length - 1]) ?? 1
}

/**
 * @param {ArrayLike<number>} data
 * @param {number} from
 * @param {readonly number[]} shape
 * @param {Reduction} reduction
 * @param {Float32Array} row
 * @param {(token: number) => number} weightOf
 */
function pool(data, from, shape, { pooling, channelsLast }, row, weightOf) {
  const width = row.length
  const size = shape.reduce((product, dim) => product * dim, 1)
  if (pooling === 'none' || pooling === 'cls') {
    if (ArrayBuffer.isView(data)) row.set(/** @type {Float32Array} */ (data).subarray(from, from + width))
    else for (let j = 0; j < width; j++) row[j] = data[from + j] ?? NaN
  } else if (pooling === 'global-average' && !channelsLast) {
    const area = size / width
    for (let c = 0; c < width; c++) row[c] = sum(data, from + c * area, area) / area
  } else {
    const every = pooling === 'global-average'
    mean(data, from, size / width, row, every ? () => 1 : weightOf)
  }
}

/**
 * @param {ArrayLike<number>} data
 * @param {number} from
 * @param {number} count
 */
function sum(data, from, count) {
  let total = 0
  for (let i = 0; i < count; i++) total += data[from + i] ?? NaN
  return total
}

/**
 * The weighted mean of vectors that lie one after another; zero where all weights are.
 * @param {ArrayLike<number>} data
 * @param {number} from
 * @param {number} count
 * @param {Float32Array} row
 * @param {(index: number) => number} weightOf
 */
function mean(data, from, count, row, weightOf) {
  const total = new Float64Array(row.length)
  let weights = 0
  for (let t = 0; t < count; t++) {
    const weight = weightOf(t)
    // What is masked out may be anything, NaN included.
    if (weight === 0) continue
    weights += weight
    for (let j = 0; j < row.length; j++) total[j] = (total[j] ?? 0) + weight * (data[from + t * row.length + j] ?? NaN)
  }
  for (let j = 0; j < row.length; j++) row[j] = weights === 0 ? 0 : (total[j] ?? NaN) / weights
}

/**
 * Divides a row by its length. The zero vector stays as it is.
 * @param {Float32Array} row
 */
function normalise(row) {
  let squares = 0
  for (let j = 0; j < row.length; j++) squares += (row[j] ?? NaN) ** 2
  if (squares === 0) return
  const length = Math.sqrt(squares)
  for (let j = 0; j < row.length; j++) row[j] = (row[j] ?? NaN) / length
}
