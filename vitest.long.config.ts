// Proofs that take too long for every run: `npx pnpm test:long`.

import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

export default defineConfig({
  ...base,
  test: {
    include: ['packages/*/test/**/*.long.test.ts', 'examples/*/test/**/*.long.test.ts', 'benchmarks/test/**/*.long.test.ts'],
    testTimeout: 600_000,
    passWithNoTests: true,
  },
})
