// Files of sound that ffmpeg makes for benchmarks, in every format that is decoded.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cached } from '../cache.ts'

export interface SoundFormat {
  readonly name: string
  readonly ending: string
  readonly args: readonly string[]
  /** Hertz at which it is decoded, where that is not the rate of the file. */
  readonly rate?: number
}

export const SOUND_FORMATS: readonly SoundFormat[] = [
  { name: 'wav', ending: 'wav', args: ['-c:a', 'pcm_s16le'] },
  { name: 'flac', ending: 'flac', args: ['-c:a', 'flac'] },
  { name: 'mp3', ending: 'mp3', args: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
  { name: 'vorbis', ending: 'ogg', args: ['-c:a', 'libvorbis'] },
  { name: 'opus', ending: 'opus', args: ['-c:a', 'libopus', '-compression_level', '0'], rate: 48000 },
  // The index stands at the end, where ffmpeg writes it.
  { name: 'aac', ending: 'm4a', args: ['-c:a', 'aac', '-b:a', '96k'] },
]

/** The path of a file of beeping tones, made once. */
export function soundFile(format: SoundFormat, seconds: number, sampleRate: number, channels: number): Promise<string> {
  const { name, ending, args } = format
  const source = `sine=frequency=220:beep_factor=4:sample_rate=${sampleRate}:duration=${seconds}`
  // The beginning of a name tells which older files the cache drops.
  return cached(`sound-${name}-${seconds}s-${channels}ch`, [source, ...args], async (path) => {
    const muxer = ending === 'm4a' ? 'ipod' : ending
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-ac', String(channels), ...args, '-f', muxer, path])
  })
}
