// What `npm start` prints for its own picture set: the precision of the descriptor and of raw pixels; and that a second run computes nothing.

import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { atMost, type Row, shown } from '../row.ts'

const PROGRAM = resolve(import.meta.dirname, '../../../examples/photo-search/dist/main.js')

export async function measure(): Promise<Row[]> {
  await run()
  const output = await run()
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN)
  const how = `the generated set, printed by ${join('examples', 'photo-search')}`
  return [
    shown('start.precision@10', number(/precision@10: ([\d.]+)/), '', `${how}: the default descriptor`),
    atMost('start.precision@10.raw-pixels', number(/, ([\d.]+) \(raw pixels\)/), 0.6, '', `${how}: must stay below`),
    atMost('start.second-run.computed', number(/computed (\d+)/), 0, 'pictures', 'extracted again by a second run on the same folder'),
  ]
}

function run(): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    child.on('close', () => done(output))
  })
}
