// The form that every sound is brought into before peaks are looked for. Saved recordings depend on it: see LAYOUT.

/** Samples a second. What lies above 5.5 kHz is not looked at: telephones and poor loudspeakers lose it. */
export const SAMPLE_RATE = 11_025
/** Samples in a frame, 93 ms: long enough to tell notes apart, short enough to tell when they begin. */
export const FRAME = 1024
/** Samples from one frame to the next, 23 ms. */
export const HOP = 256
export const FRAMES_A_SECOND: number = SAMPLE_RATE / HOP
/** The lowest bin that is looked at, 43 Hz. */
export const LOWEST_BIN = 4
/** How many are looked at, up to 5.2 kHz. */
export const BINS = 476

/** A peak is the largest of this many bins and frames to each side. */
export const PEAK_BINS = 10
export const PEAK_FRAMES = 7
/** Peaks a second that a recording keeps, and that a sound is asked for by: noise puts many false ones among them. */
export const RECORDING_PEAKS = 30
export const QUERY_PEAKS = 60

/** Each peak is paired with so many later ones. */
export const FAN_OUT = 8
/** Frames from a peak to those that it is paired with, and bins to either side. */
export const LEAST_FRAMES = 3
export const MOST_FRAMES = 85
export const MOST_BINS = 99

/** Frames of the longest recording, 54 hours. */
export const MOST_RECORDING_FRAMES: number = 2 ** 23

/** What a saved matcher and the one that opens it must share. */
export const LAYOUT = { landmarks: 'v1' } as const
