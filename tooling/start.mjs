// `npm start`: set-up, build, and the photo search. Arguments go to the photo search: `npm start -- ./photos`.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { main, mustRun, root, step } from './run.mjs'
import { setUp } from './setup.mjs'

await main(async () => {
  await setUp()
  await step('Building', () => mustRun('tsc', ['-b']))
  // It runs in this very process, so Ctrl-C and the exit code are its own. Paths are relative to where the person stands.
  const program = join(root, 'examples', 'photo-search', 'dist', 'main.js')
  process.argv[1] = program
  process.chdir(process.env.INIT_CWD ?? process.cwd())
  await import(pathToFileURL(program).href)
})
