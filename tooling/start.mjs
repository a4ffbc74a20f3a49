// `npm start`: set-up, build, and the photo search, or `npm run start:sound`: the sound search. Arguments go to it: `npm start -- ./photos`.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { main, mustRun, root, step } from './run.mjs'
import { setUp } from './setup.mjs'

await main(async () => {
  const sound = process.argv[2] === '--sound'
  if (sound) process.argv.splice(2, 1)
  await setUp()
  // Sound is decoded, resampled and transformed by compiled code alone; pictures need none.
  if (sound) await step('Building compiled code', () => mustRun('turbo', ['run', 'build:native', '--filter=@cbir-examples/sound-search...']))
  await step('Building', () => mustRun('tsc', ['-b']))
  // It runs in this very process, so Ctrl-C and the exit code are its own. Paths are relative to where the person stands.
  const program = join(root, 'examples', sound ? 'sound-search' : 'photo-search', 'dist', 'main.js')
  process.argv[1] = program
  process.chdir(process.env.INIT_CWD ?? process.cwd())
  await import(pathToFileURL(program).href)
})
