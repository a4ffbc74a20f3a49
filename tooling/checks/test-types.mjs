// The types of every test and of the tooling: vitest runs tests without looking at their types.

import { run } from '../run.mjs'

export const name = 'types of the tests'

export async function check() {
  const { code, log } = await run('tsc', ['-p', 'tooling'])
  return code === 0 ? [] : [log]
}
