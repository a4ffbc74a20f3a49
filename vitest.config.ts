import { defineConfig } from 'vitest/config'

// Tests run from source: every package exports its TypeScript under the condition `@cbir/source`.
const conditions = ['@cbir/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'tooling/test/**/*.test.ts', 'benchmarks/test/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', '**/node_modules/**'],
    typecheck: { enabled: true, include: ['packages/*/test/**/*.test-d.ts'], tsconfig: 'tsconfig.test.json' },
    // vitest leaves one core free by default; of two, that is half.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
})
