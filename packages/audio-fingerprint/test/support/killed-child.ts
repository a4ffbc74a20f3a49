// The process that is killed: adds one recording after the other and writes each addition, and says before and after each write what it does.

import { writeSync } from 'node:fs'
import { audioFingerprint } from '@cbir/audio-fingerprint'
import { melody } from './sounds.ts'

const [directory, copy] = process.argv.slice(2) as [string, string]

/** Written at once, so that the parent knows what the process was doing when it died. */
function say(what: string): void {
  writeSync(1, `${what}\n`)
}

const matcher = await audioFingerprint({ directory })
for (;;) {
  const number = matcher.count
  await matcher.add(`piece ${number}`, { samples: melody(number, 8), sampleRate: 11_025 })
  // Every fourth time a recording goes, too, and comes back as another.
  if (number % 4 === 3) {
    await matcher.remove([`piece ${number - 1}`])
    await matcher.add(`piece ${number - 1}`, { samples: melody(number - 1, 8), sampleRate: 11_025 })
  }
  say(`begin ${matcher.count}`)
  await matcher.flush()
  await matcher.save(copy)
  say(`done ${matcher.count}`)
}
