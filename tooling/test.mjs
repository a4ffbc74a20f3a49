// `npm test`: set-up, build (native addons too), and every test with its types. Arguments go to vitest: `npm test -- packages/core`.

import { installSystemPackages } from './debian.mjs'
import { main, mustRun, run, StepError, step } from './run.mjs'
import { setUp } from './setup.mjs'

await main(async () => {
  await installSystemPackages()
  await setUp()
  // One compiler for all packages reads what they share once; a compiler for each takes twice as long.
  await step('Building', () =>
    Promise.all([mustRun('tsc', ['-b', '.', 'benchmarks']), mustRun('turbo', ['run', 'build:native', '--output-logs=errors-only'])]),
  )
  const { code } = await run('vitest', ['run', ...process.argv.slice(2)], { show: true })
  if (code !== 0) throw new StepError('There are failed tests.', '')
})
