// Each index in several worker threads at once, some of them stopped in the middle of their work.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Row } from '../row.ts'
import { SUBJECTS } from './subjects.ts'

/** A process that takes longer hangs. */
const PATIENCE = 120_000

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { name } of SUBJECTS) {
    const end = await runChild(name)
    rows.push({
      id: `workers.${name}`,
      value: end,
      unit: '',
      target: 'fine',
      ok: end === 'fine',
      how: 'three rounds of four workers and the main thread building and answering at once, then 15 rounds of four workers stopped at a random moment; the process works on and ends by itself',
    })
  }
  return rows
}

function runChild(name: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'workers-child.js'), 'run', name], { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    child.stderr.on('data', (chunk) => {
      errors += String(chunk)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code === 0 && output.includes('fine')) resolve('fine')
      else resolve(`${signal ?? `code ${code}`}: ${errors.trim().split('\n').slice(0, 3).join(' ')}`)
    })
  })
}
