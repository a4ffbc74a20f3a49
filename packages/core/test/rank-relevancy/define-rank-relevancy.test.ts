// defineRankRelevancy, proved with a driver that scores by the distance to the first positive example and asks about the middle scores first.

import { defineRankRelevancy, type RankRelevancyDriver } from '@cbir/core/define'
import { describe, expect, it } from 'vitest'
import { noRows, rows } from '../support/batches.ts'

const score: RankRelevancyDriver['rank'] = ({ positive }, pool) => Float32Array.from(pool.data, (x) => 1 / (1 + Math.abs(x - positive.data[0]!)))

const byDistance: RankRelevancyDriver & Required<Pick<RankRelevancyDriver, 'rankWithFeedback'>> = {
  rank: score,
  async rankWithFeedback(examples, pool, options) {
    const scores = await score(examples, pool, options)
    return { scores, rows: [...scores.keys()].sort((a, b) => Math.abs(scores[a]! - 0.5) - Math.abs(scores[b]! - 0.5)) }
  },
}

describe('defineRankRelevancy', () => {
  it('scores the pool, and says what to ask next', async () => {
    const ranker = defineRankRelevancy('by-distance', byDistance)
    const pool = rows([1], [2], [4])
    const ranking = ranker.rank(rows([1]), undefined, pool)
    const asking = ranker.rankWithFeedback(rows([1]), rows([9]), { uids: ['a', 'b', 'c'], vectors: pool })
    pool.data.fill(7)
    expect([...(await ranking)]).toEqual([1, 0.5, 0.25])
    const { scores, feedback } = await asking
    expect([...scores]).toEqual([1, 0.5, 0.25])
    expect(feedback).toEqual(['b', 'c', 'a'])
    expect((await ranker.rank(rows([1]), undefined, noRows(1))).length).toBe(0)
    expect(await ranker.rankWithFeedback(rows([1]), undefined, { uids: [], vectors: noRows(1) })).toEqual({
      scores: new Float32Array(0),
      feedback: [],
    })
  })

  it('refuses bad input', async () => {
    const ranker = defineRankRelevancy('by-distance', byDistance)
    const pool = rows([1], [2])
    const bad: [() => Promise<unknown>, string][] = [
      [() => ranker.rank(noRows(1), undefined, pool), 'INVALID_ARGUMENT'],
      [() => ranker.rank(rows([1]), undefined, null as never), 'INVALID_ARGUMENT'],
      [() => ranker.rank(rows([1, 2]), undefined, pool), 'DIMENSION_MISMATCH'],
      [() => ranker.rank(rows([1]), rows([1, 2]), pool), 'DIMENSION_MISMATCH'],
      [() => ranker.rank(rows([1]), undefined, rows([Number.NaN])), 'NOT_FINITE'],
      [() => ranker.rank(rows([Number.NaN]), undefined, pool), 'NOT_FINITE'],
      [() => ranker.rank(rows([1]), undefined, pool, { signal: AbortSignal.abort() }), 'ABORTED'],
      [() => ranker.rankWithFeedback(rows([1]), undefined, { uids: ['a', 'a'], vectors: pool }), 'DUPLICATE_UID'],
      [() => ranker.rankWithFeedback(rows([1]), undefined, { uids: ['a', ''], vectors: pool }), 'INVALID_ARGUMENT'],
      [() => ranker.rankWithFeedback(rows([1]), undefined, { uids: ['a'], vectors: pool }), 'INVALID_ARGUMENT'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    await ranker.dispose()
    await expect(ranker.rank(rows([1]), undefined, pool)).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('says when a driver answers wrongly or cannot', async () => {
    const pool = { uids: ['a', 'b'], vectors: rows([1], [2]) }
    const plain = defineRankRelevancy('plain', { rank: score })
    expect([...plain.capabilities]).toEqual([])
    await expect(plain.rankWithFeedback(rows([1]), undefined, pool)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    for (const wrong of [[2], [0, 0], [-1], [0.5]]) {
      const ranker = defineRankRelevancy('wrong', { ...byDistance, rankWithFeedback: () => ({ scores: Float32Array.of(0, 1), rows: wrong }) })
      await expect(ranker.rankWithFeedback(rows([1]), undefined, pool)).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    }
    const wrong = defineRankRelevancy('wrong', { rank: () => Float32Array.of(0, 1, 0) })
    await expect(wrong.rank(rows([1]), undefined, pool.vectors)).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
  })
})
