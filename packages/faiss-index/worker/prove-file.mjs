// Proves a file of faiss in a process of its own: reads it, checks all of it, and asks it a few questions. A file that makes faiss's reader write
// where it must not, or take all memory, ends this process and no other. Arguments: the addon, the file, the metric. Prints "reading" when it begins
// to read, and one line of JSON at the end.

import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'

/** @typedef {{ code?: string, message: string }} Problem */

const [addonFile = '', file = '', metric = ''] = process.argv.slice(2)
const addon = createRequire(import.meta.url)(addonFile)
addon.attach((/** @type {string} */ code, /** @type {string} */ message) => Object.assign(new Error(message), { code }))

const SETTINGS = { seed: 1234, efConstruction: 40, trainingRows: 0, leastTrainingRows: 0 }
const QUERIES = 8

/** Numbers that look random and are the same every time. @param {number} length */
function numbers(length) {
  const values = new Float32Array(length)
  let state = 1
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    values[i] = state / 0x40000000 - 1
  }
  return values
}

/** @param {{ rows: Uint32Array, distances: Float32Array, offsets: Uint32Array }} answer @param {number} rows */
function checkAnswer({ rows: found, distances, offsets }, rows) {
  for (let i = 0; i + 1 < offsets.length; i++) {
    for (let j = /** @type {number} */ (offsets[i]); j < /** @type {number} */ (offsets[i + 1]); j++) {
      const rises = j === offsets[i] || /** @type {number} */ (distances[j]) >= /** @type {number} */ (distances[j - 1])
      if (/** @type {number} */ (found[j]) >= rows || Number.isNaN(distances[j]) || !rises) throw new Error('it gives answers that cannot be')
    }
  }
}

/** What the file is to be blamed for; any other error of native code came of what it read, too. */
const TOLD = ['CORRUPT_DATA', 'NOT_SUPPORTED', 'INVALID_CONFIG', 'IO_FAILED']

/** @param {Problem} error */
function problemOf({ code, message }) {
  if (code !== undefined && TOLD.includes(code)) return { code, message }
  return { code: 'CORRUPT_DATA', message: `The file is no whole index of faiss: reading and asking it failed: ${message}` }
}

async function prove() {
  writeSync(1, 'reading\n')
  const index = await addon.read(file, metric, SETTINGS, undefined)
  const described = addon.describe(index)
  const { rows, dimensions } = described
  if (rows > 0) {
    const queries = numbers(QUERIES * dimensions)
    queries.fill(0, 0, dimensions)
    const k = Math.min(10, rows)
    for (const tuning of [
      { nprobe: 1, efSearch: 16, everything: false },
      { nprobe: 2 ** 24, efSearch: 64, everything: true },
    ]) {
      checkAnswer(await addon.nearest(index, queries, QUERIES, k, undefined, tuning, false, undefined), rows)
    }
  }
  return described
}

prove().then(
  (described) => process.stdout.write(`${JSON.stringify({ described })}\n`),
  (/** @type {Problem} */ error) => process.stdout.write(`${JSON.stringify({ problem: problemOf(error) })}\n`),
)
