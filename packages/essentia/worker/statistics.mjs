// The statistics of Essentia's PoolAggregator, in double precision.

/** @import { PoolStatistic } from './protocol.d.mts' */

/** @param {Float64Array} values */
function mean(values) {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Of the whole population. @param {Float64Array} values */
function variance(values) {
  const centre = mean(values)
  let sum = 0
  for (const value of values) sum += (value - centre) ** 2
  return sum / values.length
}

/** Of an even number of values the mean of the two in the middle. @param {Float64Array} values */
function median(values) {
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** @param {Float64Array} values */
function differences(values) {
  // Of one value there is one difference: 0.
  const result = new Float64Array(Math.max(1, values.length - 1))
  for (let i = 0; i + 1 < values.length; i++) result[i] = /** @type {number} */ (values[i + 1]) - /** @type {number} */ (values[i])
  return result
}

/** @param {Float64Array} values @param {number} order */
function slopes(values, order) {
  if (values.length <= order) return new Float64Array(1)
  const first = differences(values)
  return (order === 1 ? first : differences(first)).map(Math.abs)
}

/** @type {Readonly<Record<PoolStatistic, (values: Float64Array) => number>>} */
const compute = {
  mean,
  var: variance,
  median,
  min: (values) => values.reduce((a, b) => Math.min(a, b)),
  max: (values) => values.reduce((a, b) => Math.max(a, b)),
  dmean: (values) => mean(slopes(values, 1)),
  dvar: (values) => variance(slopes(values, 1)),
  dmean2: (values) => mean(slopes(values, 2)),
  dvar2: (values) => variance(slopes(values, 2)),
}

/** A statistic of a feature's values over time. As in Essentia, derivatives are taken without their signs. @param {PoolStatistic} statistic @param {Float64Array} values at least one */
export function poolStatistic(statistic, values) {
  return compute[statistic](values)
}
