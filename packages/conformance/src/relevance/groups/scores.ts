// Groups about the numbers: their range, what they say, and that they come out the same again.

import { ok, same } from '../../framework/check.ts'
import { type RelevanceGroup, sameScores } from '../relevance-case.ts'

export const scoresGroup: RelevanceGroup = {
  name: 'scores',
  rule: 'a score in [0, 1] for each vector, never NaN; 1 is most relevant',
  cases: {
    'every score is a share': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const own = { data: pool.vectors.data.slice(0, 2 * t.dimensions), count: 2, dimensions: t.dimensions }
      const examples = { 'random examples': t.vectors(4), 'examples that are in the pool': own, 'one example': t.vectors(1) }
      for (const [what, positive] of Object.entries(examples)) {
        for (const negative of [undefined, t.vectors(3), positive]) {
          const scores = await t.score(component, pool, positive, negative)
          ok(scores instanceof Float32Array, 'scores is a Float32Array')
          same(scores.length, t.rows, `number of scores with ${what}`)
          for (const [i, score] of scores.entries()) ok(score >= 0 && score <= 1, `score ${i} with ${what} is in [0, 1]; it is ${score}`)
        }
      }
    },
  },
}

/** The share of pairs of a wanted and an unwanted row in which the wanted one has the higher score. */
function wellOrdered(scores: Float32Array): number {
  const half = scores.length / 2
  let sum = 0
  for (const wanted of scores.slice(0, half)) for (const other of scores.slice(half)) sum += wanted > other ? 1 : wanted === other ? 0.5 : 0
  return sum / (half * half)
}

export const relevanceGroup: RelevanceGroup = {
  name: 'relevance',
  rule: 'what is like the positive examples scores higher than what is like the negative ones',
  cases: {
    'with positive and negative examples': async (t) => {
      const pool = t.twoClusters(20)
      const share = wellOrdered(await t.score(await t.ready(pool), pool, t.cluster(0, 5), t.cluster(1, 5)))
      ok(share >= 0.9, `in 9 of 10 pairs the wanted vector scores higher; the share is ${share}`)
    },
    'the examples are not mixed up': async (t) => {
      const pool = t.twoClusters(20)
      const share = wellOrdered(await t.score(await t.ready(pool), pool, t.cluster(1, 5), t.cluster(0, 5)))
      ok(share <= 0.1, `with the examples exchanged in 1 of 10 pairs at most; the share is ${share}`)
    },
    'with positive examples alone': async (t) => {
      const pool = t.twoClusters(20)
      const share = wellOrdered(await t.score(await t.ready(pool), pool, t.cluster(0, 5)))
      ok(share >= 0.9, `in 9 of 10 pairs the wanted vector scores higher; the share is ${share}`)
    },
  },
}

export const determinismGroup: RelevanceGroup = {
  name: 'determinism',
  rule: 'the same examples give the same scores again; two made alike score alike',
  cases: {
    'asked again': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const [positive, negative] = [t.vectors(3), t.vectors(3)]
      const first = (await t.score(component, pool, positive, negative)).slice()
      await t.score(component, pool, t.vectors(5), t.vectors(2))
      sameScores(await t.score(component, pool, positive, negative), first, 'scores when asked again')
    },
    'made again': async (t) => {
      const pool = t.items()
      const [positive, negative] = [t.vectors(3), t.vectors(3)]
      const [one, other] = [await t.ready(pool), await t.ready(pool)]
      sameScores(
        await t.score(other, pool, positive, negative),
        (await t.score(one, pool, positive, negative)).slice(),
        'scores of another one that was made alike',
      )
    },
  },
}
