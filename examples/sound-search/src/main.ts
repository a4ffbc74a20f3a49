// The command: finds recordings that sound alike, and writes a page to listen to them.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { CbirError } from '@cbir/core'
import { makeInstrumentSet } from './instruments.ts'
import { sameKindFirst } from './same-kind.ts'
import { openSoundSearch, writeResultPage } from './sound-search.ts'

const USAGE = `npm run start:sound -- [folder] [options]

Finds the recordings in a folder (wav, mp3, flac, ogg, opus) that sound most like one of them, and where, and writes a page to listen to them.
Without a folder it makes a small set of instruments playing, and also measures itself.

  --query <file>       the recording to look for, in the folder or anywhere (default: the first one in the folder)
  --k <number>         how many recordings to show (default: 8)
  --seconds <number>   length of the moments that are compared (default: 0.5)
  --help               this text`

const cache = join(import.meta.dirname, '../../../.cache/sound-search')
const page = join(cache, 'result.html')
const options = {
  query: { type: 'string' },
  k: { type: 'string', default: '8' },
  seconds: { type: 'string', default: '0.5' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const stop = new AbortController()
const { signal } = stop
process.on('SIGINT', () => stop.abort())

async function run(folder: string | undefined, query: string | undefined, k: number, seconds: number): Promise<void> {
  const searched = folder ?? join(cache, 'instruments')
  if (folder === undefined) await makeInstrumentSet(searched, 12)
  const search = await openSoundSearch(searched, { seconds, signal, onProgress: counter() })
  try {
    const facts = [...search.facts]
    if (folder === undefined) {
      const same = await sameKindFirst(search, (id) => id.split('-')[0]!, { signal })
      facts.push(`For ${same} of these ${search.ids.length} the most alike one is of the same instrument.`)
    }
    const result = await search.find(query, k, { signal })
    await writeResultPage(page, result, facts)
    for (const { id, error } of search.report.skipped) console.log(`Left out: ${JSON.stringify(id)}: ${error.message}`)
    for (const fact of facts) console.log(fact)
    console.log(`Most like ${result.query.id}:`)
    for (const { id, distance, part } of result.found)
      console.log(`  ${distance.toFixed(4)}  ${id}  (${part.start?.toFixed(1)} – ${part.end?.toFixed(1)} s)`)
    console.log(`To listen, open ${pathToFileURL(page).href}`)
  } finally {
    await search.dispose()
  }
}

/** A line every second that the reading of recordings takes. */
function counter(): (progress: { readonly done: number }) => void {
  let shown = performance.now()
  return ({ done }) => {
    if (performance.now() - shown < 1000) return
    shown = performance.now()
    console.log(`${done} recordings read`)
  }
}

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) console.log(USAGE)
  else if (positionals.length > 1) throw new CbirError('INVALID_ARGUMENT', `Expected one folder, got ${positionals.join(', ')}.`)
  else await run(positionals[0], values.query, Number(values.k), Number(values.seconds))
} catch (error) {
  const { code, message } = error as Error & { readonly code?: string }
  if (!CbirError.isInstance(error) && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  console.error(signal.aborted ? 'Stopped.' : `${message} See npm run start:sound -- --help.`)
  process.exitCode = 1
}
