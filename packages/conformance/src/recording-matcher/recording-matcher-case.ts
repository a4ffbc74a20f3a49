// What a case of the RecordingMatcher suite works with: fresh matchers, tunes, and cuts of them.

import type { ComponentConfig, RecordingMatch, RecordingMatcher, Sound } from '@cbir/core'
import { fail, near, same, show } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase } from '../framework/filled-case.ts'
import type { Group, SuiteOptions } from '../framework/suite.ts'
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

/** Seconds of a cut. */
export const CUT_SECONDS = 5

export class RecordingMatcherCase extends FilledCase<FullRecordingMatcher, RecordingMatcherSuiteOptions> {
  /** A matcher that holds these tunes, by the ids `tune i`. */
  holding(...which: number[]): Promise<FullRecordingMatcher> {
    return this.after((matcher) => matcher.addMany(which.map((i) => ({ id: `tune ${i}`, sound: this.tune(i) }))))
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
