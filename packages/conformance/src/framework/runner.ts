// TestRunner: the two functions that a suite needs of a test runner, and a runner that collects results as data.

/** What a suite needs of a test runner. vitest, node:test, jest and mocha have both under the names `describe` and `test` or `it`. */
export interface TestRunner {
  /** Names what `define` registers. `define` is called synchronously. */
  group(name: string, define: () => void): void
  /** Registers one test; it fails where `run` rejects. */
  test(name: string, run: () => Promise<void>): void
}

/** The result of one test that a {@link collectingRunner} ran. `path` are the names of the groups around it. */
export interface CollectedResult {
  readonly path: readonly string[]
  readonly name: string
  /** What the test rejected with; absent where it passed. */
  readonly error?: unknown
}

/** A runner that keeps the tests and runs them one after another when asked. For programs that look at the results themselves. */
export interface CollectingRunner extends TestRunner {
  run(): Promise<readonly CollectedResult[]>
}

/** Makes a {@link CollectingRunner}. */
export function collectingRunner(): CollectingRunner {
  const path: string[] = []
  const tests: { path: readonly string[]; name: string; run: () => Promise<void> }[] = []
  return {
    group(name, define) {
      path.push(name)
      try {
        define()
      } finally {
        path.pop()
      }
    },
    test(name, run) {
      tests.push({ path: [...path], name, run })
    },
    async run() {
      const results: CollectedResult[] = []
      for (const test of tests) {
        try {
          await test.run()
          results.push({ path: test.path, name: test.name })
        } catch (error) {
          results.push({ path: test.path, name: test.name, error })
        }
      }
      return results
    },
  }
}
