// Where events lie: in frames, samples or seconds.

export type EventUnits = 'frames' | 'samples' | 'time'

export const EVENT_UNITS: readonly EventUnits[] = ['frames', 'samples', 'time']

/** Frames in the unit that is wanted: frame t is at sample t · hopLength. */
export function eventsIn(units: EventUnits, frames: readonly number[], hopLength: number, sampleRate: number): number[] {
  if (units === 'frames') return [...frames]
  return frames.map((frame) => (units === 'samples' ? frame * hopLength : (frame * hopLength) / sampleRate))
}
