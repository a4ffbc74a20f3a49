// The table and picture of recall against speed in the README of an index: `node benchmarks/recall-speed/main.mjs hnsw-index [rows]`, after a build of
// packages and addons, on a machine that does nothing else.

import { readFileSync, writeFileSync } from 'node:fs'
import { hasTestData } from '../../tooling/test-data.mjs'
import { curvesOf, HOW } from './measure.mjs'
import { picture } from './picture.mjs'
import { SUBJECTS } from './subjects.mjs'

const BEGIN = '<!-- recall and speed -->'
const END = '<!-- /recall and speed -->'

/** @param {import('./measure.mjs').Curve[]} curves */
function table(curves) {
  const row = (cells) => `| ${cells.join(' | ')} |`
  const widest = Math.max(...curves.map(({ points }) => points.length))
  const shown = widest > 4 ? [0, Math.floor(widest / 3), Math.floor((2 * widest) / 3), widest - 1] : Array.from({ length: widest }, (_, i) => i)
  const head = ['index', 'build, s', ...shown.map(() => 'setting: recall@10, ms')]
  const lines = curves.map(({ name, build, points }) => [
    name,
    build.toFixed(1),
    ...shown.map((at) => (points[at] ? `${points[at].label}: ${points[at].recall.toFixed(4)}, ${points[at].ms.toFixed(3)}` : '')),
  ])
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...lines.map(row)].join('\n')
}

const [name = '', wanted = '60000'] = process.argv.slice(2)
const subjects = SUBJECTS[name]
if (!subjects || !hasTestData) {
  console.error(subjects ? 'The MNIST vectors are not there: see tooling/test-data.mjs.' : `Name one of ${Object.keys(SUBJECTS).join(', ')}.`)
  process.exit(1)
}
const rows = Number(wanted)
const curves = []
for (const metric of new Set(subjects.map((subject) => subject.metric))) {
  curves.push(
    ...(await curvesOf(
      subjects.filter((subject) => subject.metric === metric),
      rows,
    )),
  )
}
const folder = new URL(`../../packages/${name}/`, import.meta.url)
writeFileSync(new URL('recall-speed.svg', folder), picture(curves))
const readme = readFileSync(new URL('README.md', folder), 'utf8')
const begin = readme.indexOf(BEGIN)
const end = readme.indexOf(END)
if (begin < 0 || end < begin) throw new Error(`The README of ${name} must have ${BEGIN} and ${END}.`)
const figures = `${BEGIN}\n\nMNIST, ${rows} × 784; ${HOW}.\n\n${table(curves)}\n\n![Recall against speed](recall-speed.svg)\n\n`
writeFileSync(new URL('README.md', folder), readme.slice(0, begin) + figures + readme.slice(end))
