// What a case of the RecordingMatcher suite works with: fresh matchers, tunes, and cuts of them.

import type { ComponentConfig, RecordingMatch, RecordingMatcher, Sound } from '@cbir/core'
import { fail, near, same, show } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'
import { temporaryDirectory } from '../framework/temporary-directory.ts'
import type { FullRecordingMatcher } from './reference.ts'
import { TUNE_RATE, TUNE_SECONDS, tune } from './tunes.ts'

/** What a matcher can do beyond add and match; the names are those of `matcher.capabilities`. */
export type RecordingMatcherCapabilityName = 'remove' | 'persist'

/** Options of `recordingMatcherSuite`. */
export interface RecordingMatcherSuiteOptions extends SuiteOptions {
  /** A new matcher without recordings. */
  readonly create: () => Made<RecordingMatcher>
  /** The abilities of what `create` gives. These are tested; the others must throw NOT_SUPPORTED. */
  readonly capabilities: readonly RecordingMatcherCapabilityName[]
  /** Seconds by which an offset may be wrong; 0.1 where absent. */
  readonly tolerance?: number | undefined
  /** Opens a matcher over a directory: what is stored there, or an empty one that will keep itself there. Needed for `persist`. */
  readonly reopen?: ((directory: string) => Made<RecordingMatcher>) | undefined
  /** Makes a matcher from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<RecordingMatcher>) | undefined
}

export type RecordingMatcherGroup = Group<RecordingMatcherCase, RecordingMatcherSuiteOptions>

/** Makes the group apply only with these abilities. */
export const withCapability =
  (...wanted: RecordingMatcherCapabilityName[]) =>
  ({ capabilities }: RecordingMatcherSuiteOptions): boolean =>
    wanted.every((one) => capabilities.includes(one))

/** How a rerun gets its matchers: the fresh one, and the one that already holds something. */
export interface RecordingMatcherOrigin {
  create(scope: Scope): Promise<RecordingMatcher>
  /** Takes a matcher that was just filled, gives the one to test. */
  settle(matcher: FullRecordingMatcher, scope: Scope): Promise<RecordingMatcher>
}

/** Seconds of a cut. */
export const CUT_SECONDS = 5

export class RecordingMatcherCase implements ComponentCase {
  readonly options: RecordingMatcherSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  readonly scope: Scope
  readonly from: RecordingMatcherOrigin

  constructor(options: RecordingMatcherSuiteOptions, scope: Scope, from: RecordingMatcherOrigin) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.scope = scope
    this.from = from
  }

  has(capability: RecordingMatcherCapabilityName): boolean {
    return this.options.capabilities.includes(capability)
  }

  /** A new matcher without recordings. It is disposed when the case ends. */
  async make(): Promise<FullRecordingMatcher> {
    return this.keep(await this.from.create(this.scope))
  }

  /** A matcher that holds these tunes, by the ids `tune i`. */
  async holding(...which: number[]): Promise<FullRecordingMatcher> {
    const matcher = await this.make()
    await matcher.addMany(which.map((i) => ({ id: `tune ${i}`, sound: this.tune(i) })))
    return this.keep(await this.from.settle(matcher, this.scope))
  }

  async reopen(directory: string): Promise<FullRecordingMatcher> {
    const { reopen } = this.options
    return reopen ? this.keep(await reopen(directory)) : fail('the suite has the option reopen: it is needed for the capability persist')
  }

  keep(matcher: RecordingMatcher): FullRecordingMatcher {
    this.defer(() => matcher.dispose())
    return matcher as FullRecordingMatcher
  }

  directory(): Promise<string> {
    return temporaryDirectory(this.scope)
  }

  /** Tune `i`, whole. */
  tune(i: number): Sound {
    return { samples: tune(i), sampleRate: TUNE_RATE }
  }

  /** Five seconds of tune `i`, from `at` seconds on; memory of its own. */
  cut(i: number, at = 2): Sound & { readonly samples: Float32Array } {
    const from = Math.round(at * TUNE_RATE)
    return { samples: tune(i).slice(from, from + CUT_SECONDS * TUNE_RATE), sampleRate: TUNE_RATE }
  }

  /** A place where a cut can begin. */
  place(): number {
    return (TUNE_SECONDS - CUT_SECONDS) * this.random.uniform()
  }

  /** The answer must be this tune at this place. */
  is(found: RecordingMatch | undefined, i: number, at: number, what: string): void {
    if (!found) fail(`${what}: expected tune ${i}, got no match`)
    same(found.id, `tune ${i}`, `id of ${what}`)
    near(found.offset, at, this.options.tolerance ?? 0.1, `offset of ${what}`)
    if (!(found.confidence > 0 && found.confidence <= 1)) fail(`${what}: expected a confidence in (0, 1], got ${found.confidence}`)
  }

  /** The answer must be none. */
  isNone(found: RecordingMatch | undefined, what: string): void {
    if (found !== undefined) fail(`${what}: expected no match, got ${show(found)}`)
  }

  /** The matcher must recognise these tunes and not those. */
  async holds(matcher: RecordingMatcher, which: readonly number[], others: readonly number[], what: string): Promise<void> {
    same(matcher.count, which.length, `count of ${what}`)
    for (const i of which) {
      same(matcher.has(`tune ${i}`), true, `has(tune ${i}) of ${what}`)
      this.is(await matcher.match(this.cut(i)), i, 2, `a cut of tune ${i} in ${what}`)
    }
    for (const i of others) {
      same(matcher.has(`tune ${i}`), false, `has(tune ${i}) of ${what}`)
      this.isNone(await matcher.match(this.cut(i)), `a cut of tune ${i}, which is not in ${what}`)
    }
  }
}
