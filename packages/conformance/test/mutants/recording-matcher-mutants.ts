// Wrong recording matchers: the reference with one thing broken.

import { type FullRecordingMatcher, openReferenceRecordingMatcher, referenceRecordingMatcher } from '@cbir/conformance'
import type { RecordingMatch, RecordingMatcherCapability, Sound } from '@cbir/core'
import { block, codeOf, forgiving, outliving, unsignalled, withoutDetail, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface RecordingMatcherMutant extends Mutant {
  readonly make?: (matcher: FullRecordingMatcher) => FullRecordingMatcher
  /** Runs the suite with the ability `persist`. */
  readonly open?: (directory: string) => Promise<FullRecordingMatcher>
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: () => FullRecordingMatcher
}

/** A matcher whose matches are changed. */
const answering =
  (change: (found: RecordingMatch | undefined, sound: Sound) => RecordingMatch | undefined) =>
  (matcher: FullRecordingMatcher): FullRecordingMatcher =>
    variant(matcher, { match: async (sound, o) => change(await matcher.match(sound, o), sound) })

/** The samples of a sound, where it has them all at once. */
const whole = (sound: Sound): Float32Array | undefined => (sound?.samples instanceof Float32Array ? sound.samples : undefined)

export const RECORDING_MATCHER_MUTANTS: readonly RecordingMatcherMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (matcher) => variant(matcher, { kind: 'hash-index' as never }) },
  {
    name: 'declares less than it has',
    breaks: ['capabilities'],
    make: (matcher) => variant(matcher, { capabilities: new Set<RecordingMatcherCapability>() }),
  },
  { name: 'saves without declaring it', breaks: ['capabilities'], make: (matcher) => variant(matcher, { save: async () => {} }) },
  {
    name: 'loud cuts only',
    breaks: ['recognition'],
    make: (matcher) =>
      variant(matcher, {
        match: async (sound, o) => {
          const loudest = whole(sound)?.reduce((most, x) => Math.max(most, Math.abs(x)), 0) ?? 1
          const found = await matcher.match(sound, o)
          return loudest < 0.05 ? undefined : found
        },
      }),
  },
  {
    name: 'the offset of a whole recording is its end',
    breaks: ['recognition'],
    make: answering((found, sound) => found && { ...found, offset: (whole(sound)?.length ?? 0) > 80_000 ? 9 : found.offset }),
  },
  {
    name: 'a recording may have nothing in it',
    breaks: ['add'],
    make: (matcher) => variant(matcher, { add: (id, sound, o) => forgiving(matcher.add(id, sound, o), 'EMPTY', matcher.count) }),
  },
  {
    name: 'addMany does not say how many stand',
    breaks: ['abort', 'add'],
    make: (matcher) => variant(matcher, { addMany: (...call) => withoutDetail(matcher.addMany(...call), 'recordingsAdded') }),
  },
  {
    name: 'takes a sound that is none for silence',
    breaks: ['bad sounds'],
    make: (matcher) => variant(matcher, { match: (sound, o) => forgiving(matcher.match(sound, o), 'INVALID_ARGUMENT', undefined) }),
  },
  {
    name: 'takes NaN for silence',
    breaks: ['bad sounds'],
    make: (matcher) => variant(matcher, { match: (sound, o) => forgiving(matcher.match(sound, o), 'NOT_FINITE', undefined) }),
  },
  {
    name: 'an empty chunk ends a sound',
    breaks: ['streams'],
    make: (matcher) =>
      variant(matcher, {
        match: (sound, o) => {
          const chunks: unknown = sound?.samples
          const empty = Array.isArray(chunks) ? chunks.findIndex((chunk: Float32Array) => chunk.length === 0) : -1
          return matcher.match(empty < 0 ? sound : { ...sound, samples: (chunks as Float32Array[]).slice(0, empty) }, o)
        },
      }),
  },
  {
    name: 'answers of matchMany come backwards',
    breaks: ['match many'],
    make: (matcher) => variant(matcher, { matchMany: async (...call) => [...(await matcher.matchMany(...call))].reverse() }),
  },
  {
    name: 'matchMany leaves out what it does not find',
    breaks: ['match many'],
    make: (matcher) => variant(matcher, { matchMany: async (...call) => (await matcher.matchMany(...call)).filter((one) => one !== undefined) }),
  },
  {
    name: 'removes what it knows of a list',
    breaks: ['remove'],
    make: (matcher) =>
      variant(matcher, {
        remove: async (ids, o) => {
          const list = typeof ids === 'object' ? [...ids] : ids
          const twice = new Set(list).size < (list as string[]).length
          if (typeof list !== 'object' || list.length < 3 || twice) return matcher.remove(list, o)
          return matcher.remove(
            list.filter((id) => matcher.has(id)),
            o,
          )
        },
      }),
  },
  {
    name: 'the error of an unknown id does not name it',
    breaks: ['remove'],
    make: (matcher) => variant(matcher, { remove: (...call) => withoutDetail(matcher.remove(...call), 'uids') }),
  },
  {
    name: 'the error of an abort has no cause',
    breaks: ['abort'],
    make: (matcher) => variant(matcher, { match: (...call) => withoutReason(matcher.match(...call)) }),
  },
  {
    name: 'does not see the signal',
    breaks: ['abort'],
    make: (matcher) => variant(matcher, { add: (id, sound, o) => matcher.add(id, sound, unsignalled(o)) }),
  },
  {
    name: 'says nothing of its progress',
    breaks: ['progress'],
    make: (matcher) => variant(matcher, { matchMany: (sounds, o) => matcher.matchMany(sounds, { signal: o?.signal }) }),
  },
  {
    name: 'goes on after dispose',
    breaks: ['dispose'],
    make: (matcher) => variant(matcher, { match: (sound, o) => forgiving(matcher.match(sound, o), 'DISPOSED', undefined) }),
  },
  {
    name: 'adds one recording after another’s sound was read',
    breaks: ['concurrency'],
    make: (matcher) => {
      let last: Promise<unknown> = Promise.resolve()
      return variant(matcher, {
        add: (id, sound, o) => {
          const own = whole(sound) ? { ...sound, samples: whole(sound)!.slice() } : sound
          const added = whole(sound) ? last.catch(() => undefined).then(() => matcher.add(id, own, o)) : matcher.add(id, sound, o)
          last = added
          return added
        },
      })
    },
  },
  {
    name: 'keeps the event loop',
    breaks: ['event loop'],
    make: (matcher) =>
      variant(matcher, {
        match: async (sound, o) => {
          if ((whole(sound)?.length ?? 0) > 400_000) block(200)
          return matcher.match(sound, o)
        },
      }),
  },
  {
    name: 'reads samples after the call',
    breaks: ['buffers'],
    make: (matcher) =>
      outliving(matcher, (lifetime) => ({
        match: (sound, o) =>
          lifetime.run(async () => {
            if (!whole(sound) || o) return matcher.match(sound, o)
            await undefined
            return matcher.match(sound, o)
          }),
      })),
  },
  {
    name: 'takes a damaged file for an empty matcher',
    breaks: ['persistence'],
    open: async (directory) => {
      try {
        return await openReferenceRecordingMatcher(directory)
      } catch (error) {
        if (codeOf(error) === 'CORRUPT_DATA') return referenceRecordingMatcher()
        throw error
      }
    },
  },
  {
    name: 'is made again with another configuration',
    breaks: ['configuration'],
    fromConfig: () =>
      variant(referenceRecordingMatcher(), {
        toConfig: () => ({ type: 'reference-recording-matcher', package: '@cbir/conformance', config: { changed: true } }),
      }),
  },
]
