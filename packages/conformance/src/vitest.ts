// @cbir/conformance/vitest: vitest as the runner of the suites.

import { describe, test } from 'vitest'
import type { TestRunner } from './framework/runner.ts'

/** Hand this to a suite as its `runner`. */
export const runner: TestRunner = {
  group: (name, define) => void describe(name, define),
  test: (name, run) => void test(name, run),
}
