// node dist/main.js [folder] [--query file] [--k 8] [--seconds 0.5]: finds recordings that sound alike, and writes a page to listen to them.

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CbirError } from '@cbir/core'
import { makeInstrumentSet } from './instruments.ts'
import { openSoundSearch, writeResultPage } from './sound-search.ts'

const cache = join(import.meta.dirname, '../../../.cache/sound-search')
const page = join(cache, 'result.html')
const options = { query: { type: 'string' }, k: { type: 'string', default: '8' }, seconds: { type: 'string', default: '0.5' } } as const

const stop = new AbortController()
process.on('SIGINT', () => stop.abort())

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const folder = positionals[0] ?? join(cache, 'instruments')
  if (positionals.length === 0) await makeInstrumentSet(folder, 12)
  const { signal } = stop
  const search = await openSoundSearch(folder, { seconds: Number(values.seconds), signal })
  const result = await search.find(values.query, Number(values.k), { signal })
  await writeResultPage(page, result, search.facts)
  await search.dispose()
  console.log(`${search.facts.join(' ')}. Most like ${result.query.id}:`)
  for (const { id, distance, part } of result.found)
    console.log(`  ${distance.toFixed(4)}  ${id}  (${part.start?.toFixed(1)} – ${part.end?.toFixed(1)} s)`)
  for (const { id, error } of search.report.skipped) console.log(`Left out: ${JSON.stringify(id)}: ${error.message}`)
  console.log(`To listen: ${page}`)
} catch (error) {
  if (!CbirError.isInstance(error) && !(error instanceof TypeError)) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}
