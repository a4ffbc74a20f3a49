// kill -9 at random moments: what was reported as written is there, what was in flight is whole or absent, and the next run goes on.

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { diskFolder } from '../../../../tooling/test-folder.ts'
import { buildCrashChild, killTrial, type TrialMode } from './support/kill-trial.ts'

const KILLS = 10

let root: string
let script: string
beforeAll(async () => {
  root = await mkdtemp(join(diskFolder(), 'cbir-kill-'))
  script = join(root, 'crash-child.mjs')
  await buildCrashChild(script)
})
afterAll(() => rm(root, { recursive: true }))

describe('a process that is killed while it writes', () => {
  it.each<TrialMode>(['container', 'set'])(
    'leaves a whole %s, and the next one goes on',
    async (mode) => {
      const directory = join(root, mode)
      let before = 0
      let inside = 0
      for (let i = 0; i < KILLS; i++) {
        const trial = await killTrial(script, mode, directory, before, { lines: 1 + (i % 4), share: Math.random() })
        expect(trial, `after ${before}`).toMatchObject({ ok: true })
        before = trial.found
        if (trial.insideWrite) inside++
      }
      expect(before).toBeGreaterThan(KILLS / 2)
      expect(inside).toBeGreaterThan(0)
      // The locks of the dead do not pile up.
      expect((await readdir(directory)).filter((name) => name.startsWith('lock-')).length).toBeLessThanOrEqual(1)
    },
    120_000,
  )
})
