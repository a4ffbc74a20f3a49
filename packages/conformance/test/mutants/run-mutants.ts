// Runs a suite on wrong implementations: a mutant must fail the groups that it breaks, and no other.

import { collectingRunner, type TestRunner } from '@cbir/conformance'

/** What came of a run, by group. A group of a rerun is named `rerun › group`. */
export interface Outcome {
  readonly ran: readonly string[]
  readonly failed: readonly string[]
  /** Every failure with its message, for the report of a mutant that fails the wrong groups. */
  readonly messages: string
}

const RERUNS = ['closed and reopened', 'made again from its configuration']

/** Groups that cannot tell this mutant, and need not run: reruns, where they do not count. */
export function needless(breaks: readonly string[], reruns: boolean = breaks.some((group) => group.includes(' › '))): readonly string[] {
  return reruns ? [] : RERUNS
}

/** Runs the suite that `register` registers, but for the groups named `leftOut`. */
export async function outcomeOf(register: (runner: TestRunner) => void, leftOut: readonly string[] = []): Promise<Outcome> {
  const runner = collectingRunner()
  register({ ...runner, group: (name, define) => (leftOut.includes(name) ? undefined : runner.group(name, define)) })
  const results = (await runner.run()).map((result) => ({ ...result, group: result.path.slice(1).join(' › ') }))
  const failures = results.filter(({ error }) => error !== undefined)
  return {
    ran: [...new Set(results.map(({ group }) => group))],
    failed: [...new Set(failures.map(({ group }) => group))].sort(),
    messages: failures.map(({ group, name, error }) => `${group} › ${name}: ${(error as Error).message.split('\n')[0]}`).join('\n'),
  }
}

/** `base` with some members replaced; what is not replaced, getters too, is still that of `base`. */
export function variant<T extends object>(base: T, overrides: Partial<T>): T {
  return Object.create(base, Object.getOwnPropertyDescriptors(overrides) as PropertyDescriptorMap) as T
}
