// npm run start:sound: runs the command, and says in one line what went wrong.

import { join } from 'node:path'
import { CbirError } from '@cbir/core'
import { soundSearchCommand } from './command.ts'

// The first Ctrl-C stops in good order, a second one at once.
const stop = new AbortController()
process.on('SIGINT', () => {
  if (stop.signal.aborted) process.exit(130)
  stop.abort()
})

try {
  const cache = join(import.meta.dirname, '../../../.cache/sound-search')
  await soundSearchCommand(process.argv.slice(2), { cache, line: (text) => console.log(text), signal: stop.signal })
} catch (error) {
  if (!CbirError.isInstance(error)) throw error
  console.error(stop.signal.aborted ? 'Stopped.' : `${error.message} See npm run start:sound -- --help.`)
  process.exitCode = stop.signal.aborted ? 130 : 1
}
