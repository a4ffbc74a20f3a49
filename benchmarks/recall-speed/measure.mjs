// Recall and speed of one index at several settings, against the exact answer.

import { readFileSync } from 'node:fs'
import { distance } from '@cbir/core'
import { flatIndex } from '@cbir/flat-index'
import { testData } from '../../tooling/test-data.mjs'

/**
 * @typedef {{ label: string, recall: number, ms: number }} Point one setting: recall@10, and milliseconds of a query that is awaited
 * @typedef {{ name: string, group: string, dashed: boolean, build: number, points: Point[] }} Curve `build`: seconds
 * @typedef {object} Subject
 * @property {string} name @property {import('@cbir/core').Metric} metric @property {boolean} [dashed]
 * @property {() => Promise<import('@cbir/core').NearestNeighborsIndex>} make
 * @property {{ label: string, tuning?: Record<string, number> }[]} settings
 */

const SET = ['ann', 'mnist-784-euclidean']
const DIMENSIONS = 784
const HEADER_BYTES = 16
const QUERIES = 500
const ROUNDS = 3
const K = 10

/** @param {string} name @param {number} count @param {string} metric */
function read(name, count, metric) {
  const data = Float32Array.from(readFileSync(testData(...SET, name)).subarray(HEADER_BYTES, HEADER_BYTES + count * DIMENSIONS))
  // Histogram intersection is of histograms: shares that sum to 1. Coordinates that differ: of two levels.
  for (let row = 0; row < count; row++) {
    const values = data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)
    if (metric === 'histogram-intersection') {
      const sum = values.reduce((a, b) => a + b, 0) || 1
      for (let i = 0; i < DIMENSIONS; i++) values[i] /= sum
    }
    if (metric === 'hamming') for (let i = 0; i < DIMENSIONS; i++) values[i] = values[i] < 128 ? 0 : 1
  }
  return { data, count, dimensions: DIMENSIONS }
}

/** The curves of subjects that share a metric. @param {readonly Subject[]} subjects @param {number} rows @returns {Promise<Curve[]>} */
export async function curvesOf(subjects, rows) {
  const { metric } = subjects[0]
  const base = read('train-images-idx3-ubyte', rows, metric)
  const queries = read('t10k-images-idx3-ubyte', QUERIES, metric)
  const items = [{ uids: Array.from({ length: rows }, (_, i) => `${i}`), vectors: base }]
  const exact = await flatIndex({ metric })
  await exact.build(items)
  const truth = await exact.nearest(queries, K)
  await exact.dispose()
  const curves = []
  for (const { name, dashed = false, make, settings } of subjects) {
    const index = await make()
    const began = performance.now()
    await index.build(items)
    const build = (performance.now() - began) / 1000
    const points = []
    for (const { label, tuning } of settings) points.push({ label, ...(await pointOf(index, { metric, base, queries, truth }, tuning)) })
    await index.dispose()
    curves.push({ name, group: metric, dashed, build, points })
    console.error(name, points.map(({ label, recall, ms }) => `${label}: ${recall.toFixed(4)} ${ms.toFixed(3)}`).join(' | '))
  }
  return curves
}

async function pointOf(index, { metric, base, queries, truth }, tuning) {
  const options = tuning ? { tuning } : {}
  const found = await index.nearest(queries, K, options)
  // By distance: of equally distant rows any will do. By the true one: what an index of codes gives out is near it.
  const vector = ({ data }, row) => data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)
  let hits = 0
  for (let i = 0; i < QUERIES; i++) {
    const tenth = truth.distances[(i + 1) * K - 1]
    for (const { uid } of found.hits(i)) {
      if (distance(metric, vector(queries, i), vector(base, Number(uid))) <= tenth + Math.abs(tenth) * 1e-6) hits++
    }
  }
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (let i = 0; i < QUERIES; i++) {
      await index.nearest({ data: queries.data.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS), count: 1, dimensions: DIMENSIONS }, K, options)
    }
    best = Math.min(best, performance.now() - start)
  }
  return { recall: hits / (QUERIES * K), ms: best / QUERIES }
}

export const HOW = `${K} neighbours, ${QUERIES} queries, each awaited through \`nearest\`, best of ${ROUNDS}; recall counts neighbours no farther than the true tenth`
