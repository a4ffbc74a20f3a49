// The process in which mistakes are made: says which before it makes one, and what became of it.

import { writeSync } from 'node:fs'
import { CbirError } from '@cbir/core'
import { Accepted, type MisuseCase, misuseCases } from './misuse-cases.ts'

async function outcomeOf({ due, run }: MisuseCase): Promise<string> {
  try {
    await run()
  } catch (error) {
    if (CbirError.isInstance(error)) return due.includes(error.code) ? `typed ${error.code}` : `wrong: ${error.code}: ${error.message}`
    if (error instanceof Accepted) return 'taken'
    return `wrong: ${String(error)}`
  }
  return due.length === 0 ? 'right' : `wrong: no error where ${due.join(' or ')} is due`
}

if (process.argv[2] === 'run') {
  const cases = misuseCases()
  for (let number = Number(process.argv[3]); number < cases.length; number++) {
    writeSync(1, `case ${number} ${cases[number]!.id}\n`)
    writeSync(1, `${(await outcomeOf(cases[number]!)).replaceAll('\n', ' ')}\n`)
  }
  writeSync(1, 'end\n')
  process.exit(0)
}
