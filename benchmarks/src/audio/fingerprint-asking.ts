// Asking: what a matcher says of many cuts, and whether its confidence is what it says.

import type { AudioFingerprint } from '@cbir/audio-fingerprint'
import type { Sound } from '@cbir/core'

/** A sound, and where it is from; without `id`: from no recording of the matcher. */
export interface Cut extends Sound {
  readonly samples: Float32Array
  readonly id?: string | undefined
  /** Seconds from the recording's begin. */
  readonly at?: number | undefined
}

export interface Answers {
  readonly asked: number
  /** Found where they are from, within a tenth of a second. */
  readonly right: number
  /** Found anywhere else. */
  readonly wrong: number
  /** Of these, how many are in the right recording, at a place that sounds alike. */
  readonly alike: number
}

const WITHIN_SECONDS = 0.1
/** What a matcher with its default configuration answers from. */
const LEAST = 0.5

/** Every answer's confidence, and whether it was right: for all that is asked in a program. */
export class ConfidenceRecord {
  private readonly answers: { readonly confidence: number; readonly right: boolean }[] = []

  push(confidence: number, right: boolean): void {
    this.answers.push({ confidence, right })
  }

  /** How many answers were given with a confidence from `low` to below `high`, and what share of them was right. */
  between(low: number, high: number): { readonly count: number; readonly right: number } {
    const these = this.answers.filter(({ confidence }) => confidence >= low && confidence < high)
    return { count: these.length, right: these.filter(({ right }) => right).length / these.length }
  }
}

/** Asks a matcher that answers however unsure it is (`minimumConfidence` 0). */
export async function ask(matcher: AudioFingerprint, cuts: Iterable<Cut>, record: ConfidenceRecord): Promise<Answers> {
  const counted = { asked: 0, right: 0, wrong: 0, alike: 0 }
  for (const cut of cuts) {
    counted.asked++
    const found = await matcher.match(cut)
    if (!found) continue
    const right = found.id === cut.id && Math.abs(found.offset - cut.at!) <= WITHIN_SECONDS
    record.push(found.confidence, right)
    if (found.confidence < LEAST) continue
    counted[right ? 'right' : 'wrong']++
    if (!right && found.id === cut.id) counted.alike++
  }
  return counted
}
