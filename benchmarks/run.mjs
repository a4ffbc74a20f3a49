// `npx pnpm bench <suite> [--json] [measure …]`: runs the measures of a suite, each in a process of its own, and prints their figures.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installSystemPackages } from '../tooling/debian.mjs'
import { main, mustRun, root, run, StepError } from '../tooling/run.mjs'
import { setUp } from '../tooling/setup.mjs'
import { testData } from '../tooling/test-data.mjs'

const RESULT = '@@rows '

await main(async () => {
  const args = process.argv.slice(2).filter((arg) => arg !== '--')
  const json = args.includes('--json')
  const [suite, ...chosen] = args.filter((arg) => !arg.startsWith('--'))
  const suites = readdirSync(join(root, 'benchmarks', 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const names = suites.map(({ name }) => name)
  if (!suite || !names.includes(suite)) throw new StepError(`Name a suite: ${names.join(', ')}.`, '')
  if (!json) {
    await installSystemPackages()
    await setUp()
  }
  await mustRun('turbo', ['run', 'build', 'build:native', '--output-logs=errors-only'])
  await mustRun('tsc', ['-b', 'benchmarks'])

  const folder = join(root, 'benchmarks', 'dist', suite)
  const measures = readdirSync(folder)
    .filter((file) => file.endsWith('.measure.js'))
    .map((file) => file.replace('.measure.js', ''))
    .filter((name) => chosen.length === 0 || chosen.includes(name))
  const rows = []
  for (const measure of measures) {
    const began = performance.now()
    if (!json) process.stdout.write(`${measure} …`)
    rows.push(...(await runMeasure(folder, measure)))
    if (!json) console.log(` ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
  if (json) console.log(JSON.stringify(rows, undefined, 2))
  else print(rows)
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1
})

/** The rows that a measure prints; a measure that fails is a row that says so. */
async function runMeasure(folder, measure) {
  const env = { CBIR_TEST_DATA: testData() }
  const program = join(root, 'benchmarks', 'dist', 'run-measure.js')
  if (!existsSync(program)) throw new StepError('The benchmarks are not built.', '')
  const { code, log } = await run(process.execPath, ['--expose-gc', program, join(folder, `${measure}.measure.js`)], { env })
  const line = log.split('\n').find((text) => text.startsWith(RESULT))
  if (code === 0 && line) return JSON.parse(line.slice(RESULT.length))
  const how = log.trim().split('\n').slice(-12).join('\n')
  return [{ id: measure, value: null, unit: '', target: 'a result', ok: false, how }]
}

/** A table: whether the target was reached, the figure, its target, and how it was measured. */
function print(rows) {
  const mark = (ok) => (ok === undefined || ok === null ? '    ' : ok ? 'ok  ' : 'FAIL')
  const width = Math.max(...rows.map(({ id }) => id.length))
  for (const { id, value, unit, target, ok, how } of rows) {
    const figure = typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value)
    console.log(`${mark(ok)} ${id.padEnd(width)}  ${`${figure} ${unit}`.padEnd(22)} ${target ? `target ${target}`.padEnd(26) : ''.padEnd(26)} ${how}`)
  }
}
