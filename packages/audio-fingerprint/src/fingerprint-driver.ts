// The driver: fingerprints, their index, and the answer.

import type { RecordingMatcherDriver, RowMatch } from '@cbir/core/define'
import { coincidence } from './coincidence.ts'
import { confidenceOf, logOdds } from './confidence.ts'
import { fingerprint } from './fingerprint.ts'
import type { Fingerprint } from './landmarks.ts'
import { tally } from './offset-vote.ts'
import { readRecordings, writeRecordings } from './recording-files.ts'
import { RecordingIndex } from './recording-index.ts'
import { FRAMES_A_SECOND, LAYOUT } from './working-format.ts'

/** A matcher that answers from this confidence on. */
export function fingerprintDriver(minimumConfidence: number): RecordingMatcherDriver<RecordingIndex, Fingerprint> {
  return {
    layout: LAYOUT,
    open: () => new RecordingIndex(),
    fingerprint,
    put: (index, row, print, { signal }) => index.add(row, print, signal),
    free: (index, rows) => index.remove(rows),
    async match(index, print, { signal }) {
      const best = await bestMatch(index, print, signal)
      return best && best.confidence >= minimumConfidence ? best : undefined
    },
    save: (index, writer) => writeRecordings(index, writer),
    load: (container, live, options) => readRecordings(container, live, options),
  }
}

/** The likeliest of the recordings that most votes are for. */
async function bestMatch(index: RecordingIndex, print: Fingerprint, signal: AbortSignal | undefined): Promise<RowMatch | undefined> {
  const { candidates, chance } = await tally(index, print, signal)
  let best: RowMatch | undefined
  let bestOdds = Number.NEGATIVE_INFINITY
  for (const candidate of candidates) {
    const { row, offset } = candidate
    const met = await coincidence(print.peaks, index.peaks.get(row)!, offset, print.frameCount, index.timeline.framesOf(row), signal)
    const odds = logOdds(candidate, met, chance)
    if (odds <= bestOdds) continue
    bestOdds = odds
    best = { row, offset: offset / FRAMES_A_SECOND, confidence: confidenceOf(odds) }
  }
  return best
}
