// npm start: reads the command line, runs the search, and says in one line what went wrong.

import { join } from 'node:path'
import { CbirError, type IngestReport } from '@cbir/core'
import { readArguments, USAGE } from './arguments.ts'
import { photoSearch } from './photo-search.ts'
import { terminalScreen } from './screen.ts'

const cache = join(import.meta.dirname, '../../../.cache/photo-search')
const screen = terminalScreen()

// The first Ctrl-C stops in good order, a second one at once.
const stop = new AbortController()
process.on('SIGINT', () => {
  if (stop.signal.aborted) process.exit(130)
  stop.abort()
})

try {
  const args = readArguments(process.argv.slice(2))
  if (args) await photoSearch(args, { screen, cache, signal: stop.signal })
  else screen.line(USAGE)
} catch (error) {
  if (CbirError.isInstance(error, 'ABORTED') && stop.signal.aborted) {
    screen.line('Stopped. What was computed is kept: the same command goes on from there.')
    process.exitCode = 130
  } else if (CbirError.isInstance(error)) {
    console.error(error.message)
    for (const { id, error: cause } of (error.details['skipped'] ?? []) as IngestReport['skipped'])
      console.error(`  ${JSON.stringify(id)}: ${cause.message}`)
    process.exitCode = 1
  } else throw error
}
