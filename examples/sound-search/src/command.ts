// The command: makes sounds where none are given, searches, says what was found, and writes the page.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { CbirError, type Progress } from '@cbir/core'
import { makeInstrumentSet } from './instruments.ts'
import { sameKindFirst } from './same-kind.ts'
import { openSoundSearch, type SoundSearch, writeResultPage } from './sound-search.ts'

const USAGE = `npm run start:sound -- [folder] [options]

Finds the recordings in a folder (wav, mp3, flac, ogg, opus) that sound most like one of them, and where, and writes a page to listen to them.
Without a folder it makes a small set of instruments playing, and also measures itself.

  --query <file>       the recording to look for, in the folder or anywhere (default: the first one in the folder)
  --k <number>         how many recordings to show (default: 8)
  --seconds <number>   length of the moments that are compared (default: 0.5)
  --help               this text`

/** Of each instrument. */
const RECORDINGS = 12

export interface Surroundings {
  /** The folder for what is made: sounds and the page. */
  readonly cache: string
  /** Shows a line of text. */
  readonly line: (text: string) => void
  readonly signal?: AbortSignal | undefined
}

interface Arguments {
  readonly folder: string | undefined
  readonly query: string | undefined
  readonly k: number
  readonly seconds: number
}

/** @throws CbirError INVALID_ARGUMENT, INVALID_CONFIG, NOT_FOUND, ABORTED */
export async function soundSearchCommand(argv: readonly string[], { cache, line, signal }: Surroundings): Promise<void> {
  const args = readArguments(argv)
  if (!args) return line(USAGE)
  const { folder = join(cache, 'instruments'), query, k, seconds } = args
  const made = args.folder === undefined
  if (made) await makeInstrumentSet(folder, RECORDINGS)
  const search = await openSoundSearch(folder, { seconds, signal, onProgress: everySecond(({ done }) => line(`${done} recordings read`)) })
  try {
    const facts = made ? [...search.facts, await ownScore(search, signal)] : search.facts
    const result = await search.find(query, k, { signal })
    const page = join(cache, 'result.html')
    await writeResultPage(page, result, facts)
    for (const { id, error } of search.report.skipped) line(`Left out: ${JSON.stringify(id)}: ${error.message}`)
    for (const fact of facts) line(fact)
    line(`Most like ${result.query.id}:`)
    for (const { id, distance, part } of result.found)
      line(`  ${distance.toFixed(4)}  ${id}  (${part.start?.toFixed(1)} – ${part.end?.toFixed(1)} s)`)
    line(`To listen, open ${pathToFileURL(page).href}`)
  } finally {
    await search.dispose()
  }
}

async function ownScore(search: SoundSearch, signal: AbortSignal | undefined): Promise<string> {
  const same = await sameKindFirst(search, (id) => id.split('-')[0]!, { signal })
  return `For ${same} of these ${search.ids.length} recordings the most alike one is of the same instrument.`
}

/** `undefined` where the person asked for help. */
function readArguments(argv: readonly string[]): Arguments | undefined {
  const { values, positionals } = parse(argv)
  if (values.help) return undefined
  if (positionals.length > 1) throw new CbirError('INVALID_ARGUMENT', `Expected one folder, got ${positionals.join(', ')}.`)
  return { folder: positionals[0], query: values.query, k: Number(values.k), seconds: Number(values.seconds) }
}

const options = {
  query: { type: 'string' },
  k: { type: 'string', default: '8' },
  seconds: { type: 'string', default: '0.5' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (cause) {
    throw new CbirError('INVALID_ARGUMENT', `${(cause as Error).message.replace(/\.+$/, '')}.`, { cause })
  }
}

function everySecond(show: (progress: Progress) => void): (progress: Progress) => void {
  let shown = performance.now()
  return (progress) => {
    if (performance.now() - shown < 1000) return
    shown = performance.now()
    show(progress)
  }
}
