// Suites are data: groups of cases, each group with the rule that it proves. This file registers them with a test runner.

import { ConformanceFailure, show } from './check.ts'
import { type Random, randomFrom } from './random.ts'
import type { TestRunner } from './runner.ts'

/** Cases that prove one rule. `T` is what a case works with, `O` the options of the suite. */
export interface Group<T, O> {
  readonly name: string
  /** The rule that is proven, as the design states it; printed with every failure. */
  readonly rule: string
  /** Whether the group has anything to test under these options; always, where absent. */
  readonly applies?: ((options: O) => boolean) | undefined
  readonly cases: Readonly<Record<string, (t: T) => Promise<void>>>
}

/** Options that every suite takes. */
export interface SuiteOptions {
  readonly runner: TestRunner
  /** Title of the suite; the interface's name where absent. */
  readonly name?: string | undefined
  /** Seed of the random data, a whole number; 1 where absent. Printed with every failure: give it again to repeat the failure. */
  readonly seed?: number | undefined
  /** Milliseconds that a call may take that the test expects to answer while it holds something else back; 5000 where absent. */
  readonly patience?: number | undefined
}

/** What one case has: its own random data, and clean-up that runs whatever happens. */
export interface Scope {
  readonly random: Random
  readonly patience: number
  /** Runs after the case, last first, also where it failed. */
  defer(cleanUp: () => unknown): void
}

const COMMON = ['runner', 'name', 'seed', 'patience'] as const

/** An option that the suite does not have is an error: a misspelt or withdrawn one would silently test less. */
export function checkOptions(suite: string, options: object, known: readonly string[]): void {
  const allowed = [...COMMON, ...known]
  const unknown = Object.keys(options ?? {}).filter((key) => !allowed.includes(key))
  if (unknown.length > 0) throw new TypeError(`${suite} has no option ${unknown.map(show).join(', ')}. Its options are ${allowed.join(', ')}.`)
  const { runner, seed, patience } = options as Partial<SuiteOptions>
  if (typeof runner?.group !== 'function' || typeof runner.test !== 'function') {
    throw new TypeError(`${suite} needs runner: { group(name, define), test(name, run) }, e.g. { group: describe, test: it } of your test runner.`)
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw new TypeError(`${suite}: seed must be a whole number, got ${show(seed)}.`)
  if (patience !== undefined && !(patience > 0)) throw new TypeError(`${suite}: patience must be milliseconds above 0, got ${show(patience)}.`)
}

/** Registers the groups that apply. `open` makes what a case works with: fresh for every case. */
export function registerGroups<T, O extends SuiteOptions>(groups: readonly Group<T, O>[], options: O, open: (scope: Scope) => T): void {
  const { runner } = options
  for (const group of groups) {
    if (group.applies && !group.applies(options)) continue
    runner.group(group.name, () => {
      for (const [name, run] of Object.entries(group.cases)) runner.test(name, () => runCase(group, name, options, open, run))
    })
  }
}

async function runCase<T, O extends SuiteOptions>(
  group: Group<T, O>,
  name: string,
  options: O,
  open: (scope: Scope) => T,
  run: (t: T) => Promise<void>,
): Promise<void> {
  const seed = options.seed ?? 1
  const cleanUps: (() => unknown)[] = []
  const scope: Scope = {
    random: randomFrom(seed ^ hash(`${group.name}/${name}`)),
    patience: options.patience ?? 5000,
    defer: (f) => cleanUps.push(f),
  }
  let failure: unknown
  try {
    await run(open(scope))
  } catch (error) {
    failure = error ?? new Error('rejected without an error')
  }
  for (const cleanUp of cleanUps.reverse()) {
    try {
      await cleanUp()
    } catch (error) {
      failure ??= error
    }
  }
  if (failure === undefined) return
  throw reportOf(failure, group, seed)
}

/** The failure with the rule that was broken and the seed that repeats it. */
function reportOf(failure: unknown, { name, rule }: { name: string; rule: string }, seed: number): ConformanceFailure {
  const known = failure instanceof ConformanceFailure
  const said = known ? failure.message : `unexpected ${show(failure)}`
  const report = new ConformanceFailure(`${said}\n  rule "${name}": ${rule}\n  repeat with seed: ${seed}`, known ? {} : { cause: failure })
  const calls = known ? /\n {4}at [\s\S]*$/.exec(failure.stack ?? '')?.[0] : undefined
  if (calls !== undefined) report.stack = `${report.name}: ${report.message}${calls}`
  return report
}

/** 32-bit FNV-1a of a text: every case gets numbers of its own from one seed. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}
