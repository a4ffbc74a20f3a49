// Damage: what was found wrong in a file that could be decoded all the same. The decoders themselves keep silent about most of it.

import { CbirError } from '@cbir/core'

/**
 * - `truncated`: the file ends before its own header, frame or stream does
 * - `checksum`: bytes do not have the checksum that stands beside them
 * - `lost-sync`: bytes where a frame, page or chunk should begin belong to none
 * - `gap`: sound is missing between two places; silence stands for it where its length is known
 * - `length`: more or less was decoded than is declared
 * - `decoder`: the decoder refused a packet
 * - `header`: a header contradicts itself, and one of its values was taken
 * - `not-finite`: samples that are no numbers; 0 stands for them
 */
export type DamageKind = 'truncated' | 'checksum' | 'lost-sync' | 'gap' | 'length' | 'decoder' | 'header' | 'not-finite'

export interface Finding {
  readonly kind: DamageKind
  readonly message: string
}

/** Why a sound is not all that its file should hold. */
export interface PartialCause {
  readonly code: 'CORRUPT_DATA'
  /** The first finding, and how many there are. */
  readonly message: string
  /** The first findings, at most 16. */
  readonly findings: readonly Finding[]
  /** All findings. */
  readonly count: number
}

const KEPT = 16

/** Collects the findings of one file. */
export class DamageLog {
  readonly label: string
  private readonly findings: Finding[] = []
  private all = 0

  constructor(label: string) {
    this.label = label
  }

  add(kind: DamageKind, message: string): void {
    this.all++
    if (this.findings.length < KEPT) this.findings.push({ kind, message })
  }

  get count(): number {
    return this.all
  }

  get partial(): PartialCause | undefined {
    const [first] = this.findings
    if (!first) return undefined
    const more = this.all === 1 ? '' : ` (and ${this.all - 1} more)`
    return { code: 'CORRUPT_DATA', message: `${this.label}: ${first.message}${more}`, findings: [...this.findings], count: this.all }
  }
}

/** The error of a file of which nothing can be decoded. */
export function corrupt(label: string, message: string, cause?: unknown): CbirError {
  return new CbirError('CORRUPT_DATA', `${label}: ${message}`, cause === undefined ? {} : { cause })
}

/** The error of a file that is whole, in a form that is not decoded here. */
export function unsupported(label: string, message: string): CbirError {
  return new CbirError('UNSUPPORTED_CONTENT_TYPE', `${label}: ${message}`)
}
