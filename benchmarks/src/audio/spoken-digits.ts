// The Free Spoken Digit Dataset: recordings of single digits at 8 kHz, by several speakers; 0 to 4 of each are the official test part.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { testData } from '../test-data.ts'

export interface Digit {
  readonly path: string
  readonly digit: string
  readonly speaker: string
  readonly test: boolean
}

export function spokenDigits(): Digit[] {
  const folder = testData('audio', 'fsdd')
  const digits: Digit[] = []
  for (const name of readdirSync(folder).sort()) {
    const [, digit, speaker, number] = /^(\d)_([^_]+)_(\d+)\.wav$/.exec(name) ?? []
    if (digit && speaker && number) digits.push({ path: join(folder, name), digit, speaker, test: Number(number) < 5 })
  }
  return digits
}
