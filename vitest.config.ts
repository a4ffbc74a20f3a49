import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// Tests run from source: every package exports its TypeScript under the condition `@cbir/source`.
const conditions = ['@cbir/source', 'node', 'import', 'module', 'default']

/** The tests that take longest. They come first, so that no core is left with one of them at the end while the others have nothing to do. */
const LONG =
  /\/(conformance|[\w-]+-mutants|stranger|readme-examples|kernels|engine|matching|annoy-file|nearest-neighbors-index|[\w-]+-search)\.test\.ts$/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'tooling/test/**/*.test.ts', 'benchmarks/test/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', '**/node_modules/**'],
    typecheck: { enabled: true, include: ['packages/*/test/**/*.test-d.ts'], tsconfig: 'tsconfig.test.json' },
    globalSetup: ['tooling/test-folder.ts'],
    sequence: { sequencer: LongestFirst },
    // vitest leaves one core free by default; of two, that is half.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
})
