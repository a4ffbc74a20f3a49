// Lint and format, as biome.json says; a warning counts.

import { run } from '../run.mjs'

export const name = 'lint'

export async function check() {
  const { code, log } = await run('biome', ['check', '--error-on-warnings', '--colors=off', '.'])
  return code === 0 ? [] : [log]
}
