// The layers: who may import whom (tooling/layers).

import { join } from 'node:path'
import { root, run } from '../run.mjs'

export const name = 'layers'

/** @param {string} [workspace] */
export async function check(workspace = root) {
  const config = join(root, 'tooling', 'layers', 'dependency-cruiser.cjs')
  const { code, log } = await run('depcruise', ['--config', config, '--output-type', 'err-long', 'packages', 'examples', 'benchmarks'], {
    cwd: workspace,
  })
  return code === 0 ? [] : [log]
}
