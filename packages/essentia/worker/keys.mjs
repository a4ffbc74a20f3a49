// Keys and scales as numbers.

/** Semitones above A, where Essentia's pitch class profiles begin. */
const SEMITONES = new Map([
  ['A', 0],
  ['A#', 1],
  ['Bb', 1],
  ['B', 2],
  ['C', 3],
  ['C#', 4],
  ['Db', 4],
  ['D', 5],
  ['D#', 6],
  ['Eb', 6],
  ['E', 7],
  ['F', 8],
  ['F#', 9],
  ['Gb', 9],
  ['G', 10],
  ['G#', 11],
  ['Ab', 11],
])

/** Twelve numbers, 1 at the key's and 0 elsewhere. @param {string} key */
export function keyFrame(key) {
  const frame = new Float32Array(12)
  const semitone = SEMITONES.get(key)
  if (semitone !== undefined) frame[semitone] = 1
  return frame
}

/** 1 for major, 0 for what else there is. @param {string} scale */
export function scaleFrame(scale) {
  return Float32Array.of(scale === 'major' ? 1 : 0)
}
