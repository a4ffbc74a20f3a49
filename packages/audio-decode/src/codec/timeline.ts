// Timeline: decoded packets put where they belong, with delay and padding cut off and silence where sound is missing.

import type { Block } from '../audio-decoder.ts'

/** The longest silence that stands for missing sound, in seconds: the length of a gap is read from a damaged file. */
export const LONGEST_SILENCE = 30

/** Turns runs of frames into blocks. Frames before `skip` and after `limit` are left out. */
export class Timeline {
  /** Frames given out so far. */
  given = 0
  private readonly width: number
  private left: number
  private limit: number

  /** @param width channels of every block @param skip frames to leave out at the beginning @param limit frames to give out at most */
  constructor(width: number, skip: number = 0, limit: number = Number.POSITIVE_INFINITY) {
    this.width = width
    this.left = skip
    this.limit = limit
  }

  get isFull(): boolean {
    return this.given >= this.limit
  }

  /** Leaves out more at the beginning. */
  skipMore(frames: number): void {
    this.left += frames
  }

  /** Nothing is given out beyond this many frames. */
  endAt(frames: number): void {
    this.limit = Math.min(this.limit, Math.max(this.given, frames))
  }

  /** Frames `from` up to `to` of decoded channels; `undefined` where nothing of them counts. */
  sound(channels: readonly Float32Array[], from: number, to: number): Block | undefined {
    const skipped = Math.min(this.left, to - from)
    this.left -= skipped
    const begin = from + skipped
    const end = Math.min(to, begin + this.limit - this.given)
    if (end <= begin || channels.length === 0) return undefined
    this.given += end - begin
    return this.fit(channels).map((channel) => channel.subarray(begin, end))
  }

  silence(frames: number): Block | undefined {
    const none = new Float32Array(Math.max(0, frames))
    return this.sound(
      Array.from({ length: this.width }, () => none),
      0,
      none.length,
    )
  }

  /** What is coded with other channels than the file began with. */
  private fit(channels: readonly Float32Array[]): readonly Float32Array[] {
    if (channels.length === this.width) return channels
    return Array.from({ length: this.width }, (_, channel) => channels[Math.min(channel, channels.length - 1)]!)
  }
}
