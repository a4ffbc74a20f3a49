// Logistic regression by Newton's method (iteratively reweighted least squares), features standardised.

const ROUNDS = 60
/** Holds weights that the data do not determine near zero. */
const RIDGE = 1e-5

/** `features[i]` of example `i`, and whether it is one; gives the constant, then a weight for each feature. */
export function logisticRegression(features, isOne) {
  const width = features[0].length
  const means = columns(width, (j) => mean(features.map((row) => row[j])))
  const deviations = columns(width, (j) => Math.sqrt(mean(features.map((row) => (row[j] - means[j]) ** 2))))
  const rows = features.map((row) => [1, ...row.map((value, j) => (value - means[j]) / deviations[j])])
  let weights = new Array(width + 1).fill(0)
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = weights.map((weight, j) => (j === 0 ? 0 : RIDGE * rows.length * weight))
    const hessian = columns(width + 1, (j) => columns(width + 1, (k) => (j === k ? RIDGE * rows.length : 0)))
    for (const [i, row] of rows.entries()) {
      const share = 1 / (1 + Math.exp(-row.reduce((sum, value, j) => sum + value * weights[j], 0)))
      const wrong = share - Number(isOne[i])
      const curvature = share * (1 - share)
      for (let j = 0; j <= width; j++) {
        gradient[j] += wrong * row[j]
        for (let k = 0; k <= width; k++) hessian[j][k] += curvature * row[j] * row[k]
      }
    }
    const step = solved(hessian, gradient)
    weights = weights.map((weight, j) => weight - step[j])
  }
  const slopes = columns(width, (j) => weights[j + 1] / deviations[j])
  return [weights[0] - slopes.reduce((sum, slope, j) => sum + slope * means[j], 0), ...slopes]
}

const columns = (count, value) => Array.from({ length: count }, (_, j) => value(j))

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The x of A x = b, by elimination; A is symmetric and positive definite. */
function solved(a, b) {
  const rows = a.map((row, i) => [...row, b[i]])
  for (const [i, pivot] of rows.entries()) {
    for (const [j, row] of rows.entries()) {
      if (j === i) continue
      const factor = row[i] / pivot[i]
      for (let k = i; k < row.length; k++) row[k] -= factor * pivot[k]
    }
  }
  return rows.map((row, i) => row[b.length] / row[i])
}
