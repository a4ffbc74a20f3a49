// The formats that this package decodes, and how ffmpeg makes them.

export interface Format {
  readonly name: string
  readonly ending: string
  readonly args: readonly string[]
  readonly encoding: string
  /** Largest difference of a sample from what ffmpeg decodes. */
  readonly tolerance: number
  /** The rate that it is decoded at, where that is not the rate of the file. */
  readonly rate?: number
}

/** ffmpeg decodes Opus with a decoder of its own; RFC 6716 lets decoders differ. */
const OPUS_TOLERANCE = 1e-3

export const FORMATS: readonly Format[] = [
  { name: 'wav', ending: 'wav', args: ['-c:a', 'pcm_s16le'], encoding: 'wav (16-bit)', tolerance: 0 },
  { name: 'flac', ending: 'flac', args: ['-c:a', 'flac'], encoding: 'flac', tolerance: 0 },
  { name: 'flac of 24 bits', ending: 'flac', args: ['-c:a', 'flac', '-sample_fmt', 's32'], encoding: 'flac', tolerance: 0 },
  { name: 'mp3', ending: 'mp3', args: ['-c:a', 'libmp3lame', '-b:a', '128k'], encoding: 'mp3', tolerance: 5e-6 },
  { name: 'mp3 of variable rate', ending: 'mp3', args: ['-c:a', 'libmp3lame', '-q:a', '4'], encoding: 'mp3', tolerance: 5e-6 },
  { name: 'mp2', ending: 'mp2', args: ['-c:a', 'mp2'], encoding: 'mp2', tolerance: 5e-5 },
  { name: 'vorbis', ending: 'ogg', args: ['-c:a', 'libvorbis'], encoding: 'vorbis', tolerance: 5e-6 },
  { name: 'opus', ending: 'opus', args: ['-c:a', 'libopus'], encoding: 'opus', tolerance: OPUS_TOLERANCE, rate: 48000 },
]

/** One of each codec, for tests that take long. */
export const CODECS: readonly Format[] = FORMATS.filter(({ name }) => ['wav', 'flac', 'mp3', 'vorbis', 'opus'].includes(name))
