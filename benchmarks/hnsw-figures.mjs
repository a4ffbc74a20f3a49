// Makes the table and the picture in the README of @cbir/hnsw-index: recall@10 against queries a second, one query awaited after the other, for each metric with and
// without codes. `node benchmarks/hnsw-figures.mjs [rows]`, after a build of the packages, on a machine that does nothing else.

import { readFileSync, writeFileSync } from 'node:fs'
import { METRIC_NAMES } from '@cbir/core'
import { flatIndex } from '@cbir/flat-index'
import { hnswIndex } from '@cbir/hnsw-index'
import { hasTestData, testData } from '../tooling/test-data.mjs'

const SET = ['ann', 'mnist-784-euclidean']
const DIMENSIONS = 784
const HEADER_BYTES = 16
const ROWS = Number(process.argv[2] ?? 60_000)
const QUERIES = 1000
const ROUNDS = 5
const K = 10
const EFS = [10, 16, 24, 40, 64, 100, 160, 250]
const SHOWN = [10, 40, 160]
const README = new URL('../packages/hnsw-index/README.md', import.meta.url)
const PICTURE = new URL('../packages/hnsw-index/recall-speed.svg', import.meta.url)

if (!hasTestData) {
  console.error('The MNIST vectors are not there: see tooling/test-data.mjs.')
  process.exit(1)
}

/** @param {string} name @param {number} count @param {string} metric */
function read(name, count, metric) {
  const data = Float32Array.from(readFileSync(testData(...SET, name)).subarray(HEADER_BYTES, HEADER_BYTES + count * DIMENSIONS))
  // Histogram intersection is of histograms: shares that sum to 1. Coordinates that differ: of a few levels.
  for (let row = 0; row < count; row++) {
    const values = data.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)
    if (metric === 'histogram-intersection') {
      const sum = values.reduce((a, b) => a + b, 0) || 1
      for (let i = 0; i < DIMENSIONS; i++) values[i] /= sum
    }
    if (metric === 'hamming') for (let i = 0; i < DIMENSIONS; i++) values[i] = Math.floor(values[i] / 64)
  }
  return { data, count, dimensions: DIMENSIONS }
}

/** @param {string} metric */
async function measure(metric) {
  const base = read('train-images-idx3-ubyte', ROWS, metric)
  const queries = read('t10k-images-idx3-ubyte', QUERIES, metric)
  const items = [{ uids: Array.from({ length: ROWS }, (_, i) => `${i}`), vectors: base }]
  const exact = await flatIndex({ metric })
  await exact.build(items)
  const truth = await exact.nearest(queries, K)
  await exact.dispose()
  const curves = []
  for (const codes of metric === 'hamming' ? ['none'] : ['none', 'int8']) {
    const index = await hnswIndex({ metric, codes })
    const began = performance.now()
    await index.build(items)
    const build = (performance.now() - began) / 1000
    const points = []
    for (const efSearch of EFS) {
      const found = await index.nearest(queries, K, { tuning: { efSearch } })
      // By distance: of equally distant rows any will do.
      let hits = 0
      for (let i = 0; i < QUERIES * K; i++) {
        if (found.distances[i] <= truth.distances[(Math.floor(i / K) + 1) * K - 1]) hits++
      }
      let best = Number.POSITIVE_INFINITY
      for (let round = 0; round < ROUNDS; round++) {
        const start = performance.now()
        for (let i = 0; i < QUERIES; i++) {
          const query = { data: queries.data.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS), count: 1, dimensions: DIMENSIONS }
          await index.nearest(query, K, { tuning: { efSearch } })
        }
        best = Math.min(best, performance.now() - start)
      }
      points.push({ efSearch, recall: hits / (QUERIES * K), ms: best / QUERIES })
    }
    await index.dispose()
    curves.push({ metric, codes, build, points })
    console.error(metric, codes, points.map(({ recall, ms }) => `${recall.toFixed(4)} ${ms.toFixed(3)}`).join(' | '))
  }
  return curves
}

/** @param {Awaited<ReturnType<typeof measure>>} curves */
function table(curves) {
  const head = ['metric', 'codes', 'build, s', ...SHOWN.map((ef) => `ef ${ef}: recall@10, ms`)]
  const lines = curves.map(({ metric, codes, build, points }) => [
    `\`${metric}\``,
    `\`${codes}\``,
    build.toFixed(0),
    ...SHOWN.map((ef) => {
      const { recall, ms } = points.find(({ efSearch }) => efSearch === ef)
      return `${recall.toFixed(4)}, ${ms.toFixed(3)}`
    }),
  ])
  const row = (cells) => `| ${cells.join(' | ')} |`
  return [row(head), row(head.map((_, i) => (i < 2 ? '---' : '---:'))), ...lines.map(row)].join('\n')
}

/** Recall across, queries a second upwards, both on scales that spread what matters: 1 − recall and speed by powers of ten. */
function picture(curves) {
  const [width, height, left, bottom, top, right] = [760, 460, 70, 50, 20, 190]
  const recalls = [0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]
  const worst = Math.log10(1 - 0.8)
  const best = Math.log10(1 - 0.9995)
  const speeds = curves.flatMap(({ points }) => points.map(({ ms }) => 1000 / ms))
  const low = Math.log10(Math.min(...speeds)) - 0.05
  const high = Math.log10(Math.max(...speeds)) + 0.05
  const x = (recall) => left + ((Math.log10(Math.max(1 - recall, 0.0005)) - worst) / (best - worst)) * (width - left - right)
  const y = (qps) => height - bottom - ((Math.log10(qps) - low) / (high - low)) * (height - bottom - top)
  const colours = ['#0b6fb8', '#d1495b', '#2e8b57', '#8e5ea2', '#e07a1f', '#5b6770', '#b8860b', '#008b8b']
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">recall@10</text>`,
    `<text x="16" y="${height / 2}" text-anchor="middle" transform="rotate(-90 16 ${height / 2})">queries a second, one thread</text>`,
  ]
  for (const recall of recalls) {
    parts.push(`<line x1="${x(recall).toFixed(1)}" x2="${x(recall).toFixed(1)}" y1="${top}" y2="${height - bottom}" stroke="#ddd"/>`)
    parts.push(`<text x="${x(recall).toFixed(1)}" y="${height - bottom + 18}" text-anchor="middle">${recall}</text>`)
  }
  for (const qps of [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].filter((one) => Math.log10(one) >= low && Math.log10(one) <= high)) {
    parts.push(`<line x1="${left}" x2="${width - right}" y1="${y(qps).toFixed(1)}" y2="${y(qps).toFixed(1)}" stroke="#ddd"/>`)
    parts.push(`<text x="${left - 6}" y="${(y(qps) + 4).toFixed(1)}" text-anchor="end">${qps}</text>`)
  }
  curves.forEach(({ metric, codes, points }, i) => {
    const colour = colours[METRIC_NAMES.indexOf(metric) % colours.length]
    const dash = codes === 'none' ? '' : ' stroke-dasharray="6 3"'
    const seen = points.filter(({ recall }) => recall >= 0.8)
    parts.push(
      `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${seen.map(({ recall, ms }) => `${x(recall).toFixed(1)},${y(1000 / ms).toFixed(1)}`).join(' ')}"/>`,
    )
    const line = top + 12 + i * 18
    parts.push(`<line x1="${width - right + 12}" x2="${width - right + 40}" y1="${line}" y2="${line}" stroke="${colour}" stroke-width="2"${dash}/>`)
    parts.push(`<text x="${width - right + 46}" y="${line + 4}">${metric}${codes === 'none' ? '' : ', codes'}</text>`)
  })
  return `${parts.join('\n')}\n</svg>\n`
}

const curves = []
for (const metric of METRIC_NAMES) curves.push(...(await measure(metric)))
writeFileSync(PICTURE, picture(curves))
const about = `MNIST, ${ROWS} × ${DIMENSIONS}, M 16, efConstruction 200, ${K} neighbours, ${QUERIES} queries, each awaited through \`nearest\`, best of ${ROUNDS}. Histogram intersection: each row divided by its sum; hamming: four grey levels. Recall counts neighbours no farther than the true tenth.`
const readme = readFileSync(README, 'utf8')
const [before, rest] = readme.split('<!-- figures -->')
const after = rest.split('<!-- /figures -->')[1]
const figures = `<!-- figures -->\n\n${about}\n\n${table(curves)}\n\n![Recall against speed](recall-speed.svg)\n\n<!-- /figures -->`
writeFileSync(README, before + figures + after)
